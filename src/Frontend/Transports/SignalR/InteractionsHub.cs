using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Wire;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary><c>/hubs/interactions</c>. Errors are hub exceptions whose message is <c>code: detail</c>.</summary>
public sealed class InteractionsHub : Hub
{
    private readonly Gatekeeper _gate;
    private readonly Rooms _rooms;
    private readonly Sender _sender;
    private readonly StreamFeeds _feeds;
    private readonly TimeProvider _time;
    private readonly Pings _pings;
    private readonly StreamItems _items;
    private readonly HubErrors _errors;

    /// <summary>Made per call by SignalR.</summary>
    public InteractionsHub(IServiceProvider services)
    {
        _gate = services.GetRequiredService<Gatekeeper>();
        _rooms = services.GetRequiredService<Rooms>();
        _sender = services.GetRequiredService<Sender>();
        _feeds = services.GetRequiredService<StreamFeeds>();
        _time = services.GetRequiredService<TimeProvider>();
        _pings = services.GetRequiredService<Pings>();
        _items = services.GetRequiredService<StreamItems>();
        _errors = services.GetRequiredService<HubErrors>();
    }

    /// <summary>
    /// Streams frames, each <c>{"t":"snapshot"|"frame",…}</c>, from a position or from a snapshot. They are written as items of this
    /// call's answer by the room itself; what is enumerated here is only the end, which is SignalR's to tell.
    /// </summary>
    public async IAsyncEnumerable<RawJson> Watch(string streamId, string? position, InvocationId call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var identity = Admit(streamId);
        if (call.Value.Length > InvocationId.MostCharacters) throw Refused(Code.BadRequest, $"The invocation's id is longer than {InvocationId.MostCharacters} characters.");
        var connection = Context.Features.Get<HubConnectionContext>() ?? throw Refused(Code.Internal, "There is no connection.");
        var watches = Context.Features.GetRequiredFeature<ActiveWatches>();
        if (!watches.TryBegin()) throw Refused(Code.TooManyConnections, $"At most {ActiveWatches.Most} streams are watched on one connection.");
        CloseReason? reason = null;
        try
        {
            var sink = new HubSink(connection, call, _items, Http().Features.Get<IConnectionSocketFeature>()?.Socket);
            Position? place = Position.TryParse(position, out var parsed) ? parsed : null;
            var admitted = new Admitted(identity, place, Permit: null); // the connection has one for all its visits
            var cursor = Visit.CursorOf(sink, admitted, _time);
            var visit = await Visit.BeginAsync(_rooms, streamId, cursor, admitted, cancellationToken) ?? throw Refused(Code.NotFound, Failure.NoSuchStream);
            await using var left = cancellationToken.UnsafeRegister(static cursor => ((Cursor)cursor!).End(null), cursor);
            reason = await visit.WatchAsync(() => Context.ConnectionAborted.IsCancellationRequested ? watches.Ending : null);
            if (reason is CloseReason.NoProgress) connection.Abort();
        }
        catch (Exception failed) when (failed is not (HubException or OperationCanceledException))
        {
            throw _errors.Explain(failed, nameof(Watch));
        }
        finally
        {
            watches.End();
        }

        if (reason is CloseReason.TokenExpired) throw Refused(Code.Unauthorized, "The token has expired.");
        if (reason is CloseReason.Damaged) throw Refused(Code.Damaged, Code.Damaged.Info().Meaning);
        if (reason is CloseReason.Internal) throw Refused(Code.Internal, Code.Internal.Info().Meaning);
        yield break;
    }

    /// <summary>Says why the connection's calls ended. SignalR gives up a client that says nothing, and tells only here that it did.</summary>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Context.Features.Get<ActiveWatches>()?.EndAll(exception is OperationCanceledException ? CloseReasons.NoProgress : CloseReasons.Left);
        return Task.CompletedTask;
    }

    /// <summary>Sends one interaction or an array of up to 100; answers their results in order.</summary>
    public async Task<RawJson> Send(string streamId, JsonElement items)
    {
        var identity = Admit(streamId);
        try
        {
            var stream = await _feeds.FindAsync(streamId, Context.ConnectionAborted) ?? throw Refused(Code.NotFound, Failure.NoSuchStream);
            if (!InteractionReader.TryRead(items, out var sent, out var problem)) throw Refused(Code.BadRequest, problem);
            var outcome = await _sender.SendAsync(stream, identity, sent);
            if (outcome.WrongShape is { } wrong) throw Refused(Code.BadRequest, wrong);
            var buffer = new ArrayBufferWriter<byte>(128);
            using (var json = new Utf8JsonWriter(buffer)) ResultJson.Write(json, outcome.Results);
            return new RawJson(buffer.WrittenMemory);
        }
        catch (Exception failed) when (failed is not (HubException or OperationCanceledException))
        {
            throw _errors.Explain(failed, nameof(Send));
        }
    }

    /// <summary>Reports how late frames came, in ms, if anything; answers the server's time, ms since 1970 UTC.</summary>
    public long Ping(JsonElement? latencyMs)
    {
        if (!_gate.TryIdentify(Http(), out _, out var refusal)) throw Refused(refusal.Code, refusal.Detail);
        if (latencyMs is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } list
            && !_pings.TryTakeList(list, Transport.SignalR, out var problem)) throw Refused(Code.BadRequest, problem);
        return _pings.NowMs;
    }

    private HttpContext Http() => Context.GetHttpContext() ?? throw Refused(Code.Internal, "There is no request.");

    private Identity? Admit(string streamId) =>
        _gate.TryWatch(Http(), streamId, out var identity, out var refusal) ? identity : throw Refused(refusal.Code, refusal.Detail);

    private static HubException Refused(Code code, string detail) => HubErrors.Refused(code, detail);
}
