using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Text.Json;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Silo.Nodes;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>What a viewer says on its socket, and what it is answered.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore holds nothing without a wait handle, and answers may come after the end.")]
internal sealed class Conversation(
    System.Net.WebSockets.WebSocket socket, Cursor cursor, OpenStream stream, Gatekeeper gate, Sender sender, Pings pings, LimitOptions limits, Identity? identity)
{
    private const int MostUnanswered = 64;

    private readonly SemaphoreSlim _unanswered = new(MostUnanswered);
    private Identity? _identity = identity;

    /// <summary>Listens until the viewer leaves or breaks the protocol.</summary>
    /// <returns>The close code to answer with; null when the connection is gone.</returns>
    public async Task<(int? Code, string Detail)> ListenAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (true)
            {
                var length = 0;
                while (true)
                {
                    if (length == buffer.Length)
                    {
                        if (length > limits.BodyBytes) return (4400, "The message is too large.");
                        var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                        buffer.AsSpan(0, length).CopyTo(larger);
                        ArrayPool<byte>.Shared.Return(buffer);
                        buffer = larger;
                    }

                    var received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    if (received.MessageType == WebSocketMessageType.Close) return ((int)WebSocketCloseStatus.NormalClosure, "");
                    if (received.MessageType == WebSocketMessageType.Binary) return (4400, "Messages are text.");
                    length += received.Count;
                    if (received.EndOfMessage) break;
                }

                if (length > limits.BodyBytes) return (4400, "The message is too large.");
                if (!await HearAsync(buffer.AsMemory(0, length))) return (4400, "The message is not JSON, or nested too deeply.");
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            return (null, "");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> HearAsync(ReadOnlyMemory<byte> message)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(message, Shape.Json);
        }
        catch (JsonException)
        {
            return false;
        }

        using (document)
        {
            var root = document.RootElement;
            var type = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("t", out var t) && t.ValueKind == JsonValueKind.String ? SafeString(t) : null;
            switch (type)
            {
                case "ping":
                    if (pings.TryTake(root, Transport.WebSocket, out var problem)) cursor.Reply(Messages.Pong(pings.NowMs));
                    else Error(Code.BadRequest, problem, null);
                    return true;
                case "token":
                    Renew(root);
                    return true;
                case "send":
                    await SendAsync(root);
                    return true;
                default:
                    Error(Code.BadRequest, "The message needs \"t\": send, token or ping.", null);
                    return true;
            }
        }
    }

    private void Renew(JsonElement message)
    {
        if (!message.TryGetProperty("token", out var token) || token.ValueKind != JsonValueKind.String || SafeString(token) is not { } text)
        {
            Error(Code.BadRequest, "token has to be a string.", null);
        }
        else if (!gate.TryVerify(text, out var renewed, out var problem))
        {
            Error(Code.Unauthorized, problem, null);
            cursor.End(CloseReason.TokenExpired);
        }
        else if (!renewed.Covers(stream.Id) || (_identity is not null && renewed.User != _identity.User))
        {
            Error(Code.Forbidden, "The token is another user's, or not for this stream.", null);
        }
        else
        {
            _identity = renewed;
            cursor.ExpiresAtMs = renewed.ExpiresAtMs;
        }
    }

    private async ValueTask SendAsync(JsonElement message)
    {
        long? reference = null;
        if (message.TryGetProperty("ref", out var r))
        {
            if (r.ValueKind != JsonValueKind.Number || !r.TryGetInt64(out var number))
            {
                Error(Code.BadRequest, "ref has to be an integer.", null);
                return;
            }

            reference = number;
        }

        if (!message.TryGetProperty("items", out var items))
        {
            Error(Code.BadRequest, "items is missing.", reference);
            return;
        }

        if (!InteractionReader.TryRead(items, out var sent, out var problem))
        {
            Error(Code.BadRequest, problem, reference);
            return;
        }

        await _unanswered.WaitAsync();
        _ = AnswerAsync(reference, sender.SendAsync(stream, _identity, sent));
    }

    private async Task AnswerAsync(long? reference, Task<SendOutcome> sending)
    {
        try
        {
            var outcome = await sending;
            cursor.Reply(Messages.Ack(reference, outcome.Results));
        }
        catch (Exception failed) when (failed is LogUnavailableException or LogFullException)
        {
            Error(Code.Unavailable, failed.Message, reference);
        }
        catch (Exception)
        {
            Error(Code.Internal, Code.Internal.Info().Meaning, reference);
        }
        finally
        {
            _unanswered.Release();
        }
    }

    private void Error(Code code, string detail, long? reference) => cursor.Reply(Messages.Error(code, detail, reference));

    private static string? SafeString(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }
}
