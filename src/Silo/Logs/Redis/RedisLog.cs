using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Interactions.Silo.Logs.Redis;

/// <summary>
/// The log of many nodes, in one Redis server: a Redis stream for each stream, one script to append, pushes by
/// publish/subscribe, holes filled by reading. Durable as far as the server's <c>appendfsync</c> makes it so; what a
/// server loses in a crash is put back by whoever still holds it. Safe for any thread.
/// </summary>
/// <remarks>
/// An epoch is one life of the server (its <c>run_id</c>) and of the stream. In the next life offsets go on from what
/// the server still has, so a position of an earlier life stays good as far as nothing was lost before it.
/// </remarks>
public sealed partial class RedisLog : IStreamLog
{
    private const int HeadsAtOnce = 200;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly RedisServer _server;
    private readonly RedisLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SiloMetrics? _metrics;
    private readonly LogTails _tails;
    private readonly ITimer _looking;
    private readonly ConcurrentDictionary<string, HeldEntries> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _readers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _restoring = new(StringComparer.Ordinal);
    private readonly StoreClock _clock;
    private int _isLooking;

    private RedisLog(RedisServer server, RedisLogOptions options, TimeProvider time, ILogger logger, SiloMetrics? metrics)
    {
        (_server, _options, _time, _logger, _metrics) = (server, options, time, logger, metrics);
        _clock = new StoreClock(time);
        _tails = new LogTails(time, ReadAsync, isBehind: static (_, _) => false);
        _server.Received += Receive;
        _server.Restored += () => Look(afterLoss: true);
        _server.Replaced += SubscribeAgain;
        _looking = time.CreateTimer(static log => ((RedisLog)log!).Look(afterLoss: false), this, LookEvery, LookEvery);
    }

    public bool IsShared => true;

    public long? StoreClockMs(string stream) => _options.UseOwnClock ? null : _clock.NowMs;

    private long NowMs => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);

    /// <summary>Connects; a server that is not there yet is no error, its commands fail until it is.</summary>
    /// <exception cref="ArgumentException">The server's address can't be understood.</exception>
    public static RedisLog Open(RedisLogOptions options, TimeProvider time, ILogger<RedisLog> logger, SiloMetrics? metrics = null) =>
        new(RedisServer.Connect(options, time), options, time, logger, metrics);

    public async ValueTask<AppendResult> AppendAsync(string stream, AppendRequest request, CancellationToken cancellationToken = default)
    {
        LogRules.Check(stream, request);
        cancellationToken.ThrowIfCancellationRequested();
        var (result, _) = await AppendOnceAsync(stream, request, life: null, overGap: false, cancellationToken);
        if (result.Status != AppendStatus.Refused || result.LastSequence >= request.Previous) return result;

        // The store knows less of this chain than the caller: if it lost the rest, that is put back first.
        await RestoreAsync(stream, cancellationToken);
        (result, _) = await AppendOnceAsync(stream, request, life: null, overGap: false, cancellationToken);
        if (result.Status != AppendStatus.Refused || result.LastSequence >= request.Previous || request.PreviousAt is not { } at) return result;
        return await AppendOverGapAsync(stream, request, at.Epoch, result.LastSequence, cancellationToken);
    }

    public async ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        var (lives, entries, isGone) = await ReadOnceAsync(stream, after, max, cancellationToken);
        var status = lives.Judge(after);
        if (isGone) _tails.Delete(stream, after.Epoch); // a tail that did not hear of it
        if (status == ReadStatus.OtherEpoch && await RestoreAsync(stream, cancellationToken))
        {
            (lives, entries, _) = await ReadOnceAsync(stream, after, max, cancellationToken);
            status = lives.Judge(after);
        }

        if (status != ReadStatus.Ok) return new(status, [], lives.HeadPosition);
        foreach (var entry in entries) Hold(stream, entry);
        return new(status, entries, lives.HeadPosition);
    }

    public async IAsyncEnumerable<Entry> TailAsync(
        string stream, Position after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        await EnterAsync(stream, cancellationToken);
        try
        {
            await foreach (var entry in _tails.TailAsync(stream, after, cancellationToken)) yield return entry;
        }
        finally
        {
            Leave(stream);
        }
    }

    public async ValueTask<LogSnapshot?> GetSnapshotAsync(
        string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        LogSnapshot? chosen = null;
        foreach (var value in await _server.GetAsync(RedisKeys.Snapshots(stream), "newest", "second").WaitAsync(cancellationToken))
        {
            if (value.IsNull) continue;
            var snapshot = ParseSnapshot((byte[])value!);
            chosen = snapshot;
            if (snapshot.AtMs <= notAfterMs) break;
        }

        return chosen;
    }

    public async ValueTask<bool> PutSnapshotAsync(string stream, LogSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snapshot.State.Length, LogRules.MaxStateBytes, nameof(snapshot));
        var oldMs = LogRules.IsTrimmedBySnapshot(stream) ? 1L << 52
            : _options.KeepHours == 0 ? 0
            : snapshot.AtMs - (_options.KeepHours * 3_600_000L);
        var taken = await _server.RunAsync(
            RedisScript.PutSnapshot, [RedisKeys.Meta(stream), RedisKeys.Entries(stream), RedisKeys.Snapshots(stream)],
            snapshot.Position.Epoch, snapshot.Position.Offset, snapshot.AtMs, snapshot.State.ToArray(), oldMs).WaitAsync(cancellationToken);
        return (int)taken == 1;
    }

    public async ValueTask DeleteAsync(string stream, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        await _server.RunAsync(
            RedisScript.Delete,
            [RedisKeys.Meta(stream), RedisKeys.Entries(stream), RedisKeys.Producers(stream), RedisKeys.Snapshots(stream), RedisKeys.Gone(stream)],
            RedisKeys.Channel(stream)).WaitAsync(cancellationToken);
        if (_held.TryRemove(stream, out var held)) held.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _looking.DisposeAsync();
        _tails.Dispose();
        await _server.DisposeAsync();
    }

    private static LogSnapshot ParseSnapshot(byte[] stored)
    {
        var end = stored.AsSpan().IndexOf((byte)'\n');
        var header = Encoding.ASCII.GetString(stored, 0, end).Split(' ');
        return new(new Position(header[0], RedisEntry.Number(header[1])), RedisEntry.Number(header[2]), stored.AsMemory(end + 1));
    }

    private async Task<RedisResult[]> RunAsync(string script, RedisKey[] keys, CancellationToken cancellationToken, params RedisValue[] arguments) =>
        (RedisResult[])(await _server.RunAsync(script, keys, arguments).WaitAsync(cancellationToken))!;

    /// <param name="life">If this life of the stream ended by its deletion, the batch is refused.</param>
    /// <param name="overGap">Whether sequences may be missing between the producer's last one and this.</param>
    private async Task<(AppendResult Result, bool IsGone)> AppendOnceAsync(
        string stream, AppendRequest request, string? life, bool overGap, CancellationToken cancellationToken)
    {
        var parts = await RunAsync(
            RedisScript.Append,
            [RedisKeys.Meta(stream), RedisKeys.Entries(stream), RedisKeys.Producers(stream), RedisKeys.Gone(stream)],
            cancellationToken,
            request.Producer, request.Previous, request.Sequence, request.Batch.ToArray(),
            _options.UseOwnClock ? _time.GetUtcNow().ToUnixTimeMilliseconds() : 0,
            request.NotBeforeMs, Epochs.New(), RedisKeys.Channel(stream), request.Origin?.ToString() ?? "", overGap ? 1 : 0, life ?? "", request.DueMs);
        var code = (int)parts[0];
        if (code >= 2) return (new(AppendStatus.Refused, Position.Start, 0, (long)parts[4]), code == 3);

        var result = new AppendResult((AppendStatus)code, new((string)parts[1]!, (long)parts[2]), (long)parts[3], (long)parts[4]);
        Hold(stream, new Entry(result.Position, result.AtMs, request.Producer, request.Sequence, request.Batch) { Origin = request.Origin });
        return (result, false);
    }

    private async Task<(Lives Lives, List<Entry> Entries, bool IsGone)> ReadOnceAsync(string stream, Position after, int max, CancellationToken cancellationToken)
    {
        var parts = await RunAsync(RedisScript.Read, [RedisKeys.Meta(stream), RedisKeys.Entries(stream), RedisKeys.Gone(stream)], cancellationToken, after.Offset, max, after.Epoch);
        var lives = Lives.Parse((string)parts[0]!, (long)parts[1], (long)parts[2], (string?)parts[3] ?? "");
        var fields = (RedisResult[])parts[4]!;
        var entries = new List<Entry>(fields.Length / 2);
        for (var i = 0; i < fields.Length; i += 2) entries.Add(RedisEntry.Parse((string)fields[i]!, (byte[])fields[i + 1]!));
        return (lives, entries, (long)parts[5] == 1);
    }

    private void Hold(string stream, Entry entry) =>
        _held.GetOrAdd(stream, static (_, options) => new HeldEntries(options.Hold, options.HoldBytes), _options).Add(entry, NowMs);

    private void Receive(string channel, byte[] message)
    {
        var stream = channel[3..^1]; // i:{…}
        if (message.AsSpan().StartsWith("gone "u8))
        {
            if (_held.TryRemove(stream, out var held)) held.Clear();
            _tails.Delete(stream, Encoding.ASCII.GetString(message, 5, message.Length - 5));
            return;
        }

        var entry = RedisEntry.Parse(message);
        Hold(stream, entry);
        _tails.Push(stream, entry);
    }

    private async Task EnterAsync(string stream, CancellationToken cancellationToken)
    {
        if (_readers.AddOrUpdate(stream, 1, static (_, count) => count + 1) > 1) return;
        try
        {
            await _server.SubscribeAsync(RedisKeys.Channel(stream)).WaitAsync(cancellationToken);
        }
        catch (Exception failed) when (failed is LogUnavailableException)
        {
            // The library subscribes when the server is back; until then nothing is pushed and everything is compared.
        }
    }

    private void Leave(string stream)
    {
        if (_readers.AddOrUpdate(stream, 0, static (_, count) => count - 1) > 0) return;
        if (!_readers.TryRemove(KeyValuePair.Create(stream, 0))) return;
        _ = Quietly(_server.UnsubscribeAsync(RedisKeys.Channel(stream)));
    }

    private void SubscribeAgain()
    {
        foreach (var (stream, _) in _readers) _ = Quietly(_server.SubscribeAsync(RedisKeys.Channel(stream)));
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (LogUnavailableException)
        {
            // Said by whatever needs the answer.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis {Server} came back without the last entries of {Stream}: it ended at {Head}. {Restored} of the {Held} held here were put back, the others were there already")]
    private static partial void LogPutBack(ILogger logger, string server, string stream, Position head, int restored, int held);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock of Redis {Server} jumped by {Seconds:0} s. Log time goes on by real time")]
    private static partial void LogClockJumped(ILogger logger, string server, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis {Server} lost {Lost} entries of {Stream} by {Producer} that this node does not hold any more: they are gone")]
    private static partial void LogLost(ILogger logger, string server, string stream, string producer, long lost);
}
