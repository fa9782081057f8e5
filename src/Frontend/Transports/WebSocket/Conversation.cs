using System.Text.Json;
using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>What a viewer says on its socket, and what it is answered.</summary>
internal sealed class Conversation(Visit visit, Gatekeeper gate, Sender sender, Pings pings, Identity? identity) : IConversation
{
    /// <summary>Sends that may wait for their answers. A transport that reads more than one message at once may exceed it by those.</summary>
    private const int MostUnanswered = 64;

    private readonly Lock _lock = new();
    private readonly Cursor _cursor = visit.Cursor;
    private readonly Room _room = visit.Room;
    private readonly ConnectionPermit? _permit = visit.Permit;
    private Identity? _identity = identity;
    private int _unanswered;
    private TaskCompletionSource? _caughtUp;
    private TaskCompletionSource? _answered;

    public Task? Behind
    {
        get
        {
            lock (_lock)
            {
                if (_unanswered < MostUnanswered) return null;
                _caughtUp ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                return _caughtUp.Task;
            }
        }
    }

    public Task Answered
    {
        get
        {
            lock (_lock)
            {
                if (_unanswered == 0) return Task.CompletedTask;
                _answered ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                return _answered.Task;
            }
        }
    }

    public bool Hear(ReadOnlyMemory<byte> message)
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
            try
            {
                Take(document.RootElement);
            }
            catch (InvalidOperationException)
            {
                // What the JSON reader says to half a surrogate pair, in names too.
                Error(Code.BadRequest, "The text is not valid Unicode.", null);
            }

            return true;
        }
    }

    private void Take(JsonElement message)
    {
        var type = message.ValueKind == JsonValueKind.Object && message.TryGetProperty("t", out var t) && t.ValueKind == JsonValueKind.String ? t.GetString() : null;
        switch (type)
        {
            case "ping":
                if (pings.TryTake(message, Transport.WebSocket, out var problem)) _cursor.Reply(Messages.Pong(pings.NowMs));
                else Error(Code.BadRequest, problem, null);
                break;
            case "token":
                Renew(message);
                break;
            case "send":
                Send(message);
                break;
            default:
                Error(Code.BadRequest, "The message needs \"t\": send, token or ping.", null);
                break;
        }
    }

    private void Renew(JsonElement message)
    {
        if (!message.TryGetProperty("token", out var token) || token.ValueKind != JsonValueKind.String || token.GetString() is not { } text)
        {
            Error(Code.BadRequest, "token has to be a string.", null);
        }
        else if (!gate.TryVerify(text, out var renewed, out var problem))
        {
            Error(Code.Unauthorized, problem, null);
            _cursor.End(problem == TokenClaims.Expired ? CloseReason.TokenExpired : CloseReason.TokenRefused);
        }
        else if (!renewed.Covers(_room.Feed.Id) || (_identity is not null && renewed.User != _identity.User))
        {
            Error(Code.Forbidden, "The token is another user's, or not for this stream.", null);
        }
        else if (_identity is null && _permit?.TrySignIn(renewed.User) == false)
        {
            Error(Code.TooManyConnections, "This user has too many connections open.", null);
        }
        else
        {
            _cursor.Moderates = Rooms.Moderates(renewed, _room.Feed);
            if (_identity is null) _room.SignIn(_cursor, renewed.User, renewed.Name);
            _identity = renewed;
            _room.Renew(_cursor, renewed.ExpiresAtMs);
        }
    }

    private void Send(JsonElement message)
    {
        long? reference = null;
        if (message.TryGetProperty("ref", out var r))
        {
            if (!Shape.Whole(r, out var number) || number < long.MinValue || number > long.MaxValue)
            {
                Error(Code.BadRequest, "ref has to be an integer.", null);
                return;
            }

            reference = (long)number;
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

        lock (_lock) _unanswered++;
        _ = AnswerAsync(reference, sender.SendAsync(_room.Feed.Info, _identity, sent));
    }

    private async Task AnswerAsync(long? reference, Task<SendOutcome> sending)
    {
        try
        {
            var outcome = await sending;
            if (outcome.WrongShape is { } wrong) Error(Code.BadRequest, wrong, reference);
            else _cursor.Reply(Messages.Ack(reference, outcome.Results));
        }
        catch (Exception failed)
        {
            Error(Failure.CodeOf(failed), Failure.DetailOf(failed), reference);
        }
        finally
        {
            CountAnswer();
        }
    }

    private void CountAnswer()
    {
        TaskCompletionSource? caughtUp = null;
        TaskCompletionSource? answered = null;
        lock (_lock)
        {
            if (--_unanswered < MostUnanswered) (caughtUp, _caughtUp) = (_caughtUp, null);
            if (_unanswered == 0) (answered, _answered) = (_answered, null);
        }

        caughtUp?.SetResult();
        answered?.SetResult();
    }

    private void Error(Code code, string detail, long? reference) => _cursor.Reply(Messages.Error(code, detail, reference));
}
