using System.Runtime.CompilerServices;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Interactions.Silo.Logs.Redis;

/// <summary>
/// The log of a cluster, in one Redis server: a Redis stream for each stream, one short script to append. Durable as far as the
/// server's <c>appendfsync</c> makes it so; what a server loses in a crash is restored by the silo that still holds it. Safe for
/// any thread.
/// </summary>
/// <remarks>
/// A stream's meta holds the id of the server's run that it was last written in. Under another run id nothing is appended
/// until the stream is restored or an entry opens a new epoch, so two writers can't go on from different heads.
/// </remarks>
public sealed class RedisLog : IStreamLog
{
    /// <summary>Keys that the server goes through per step of a list: 0.1 ms for it.</summary>
    private const int KeysAtOnce = 1000;

    private readonly RedisServer _server;
    private readonly RedisLogOptions _options;
    private readonly ILogger _logger;

    private RedisLog(RedisServer server, RedisLogOptions options, ILogger logger)
    {
        (_server, _options, _logger) = (server, options, logger);
        _server.Restarted += () => Restarted?.Invoke();
    }

    public event Action? Restarted;

    public bool MayLose => true;

    /// <summary>Connects; a server that is not there yet is no error, its commands fail until it is.</summary>
    /// <exception cref="ArgumentException">The server's address can't be understood.</exception>
    /// <exception cref="Rocks.LogRefusedException">It holds streams of an earlier version.</exception>
    public static RedisLog Open(RedisLogOptions options, TimeProvider time, ILogger<RedisLog> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(RedisServer.Connect(options, time, logger), options, logger);
    }

    public async ValueTask<AppendResult> AppendAsync(string stream, LogHead head, Entry entry, CancellationToken cancellationToken = default)
    {
        LogRules.Check(stream, head.Position, entry);
        if (head.Position.IsStart) head = LogHead.Empty;
        var parts = await RunAsync(
            RedisScript.Append, [RedisKeys.Meta(stream), RedisKeys.Entries(stream), RedisKeys.Gone(stream)], cancellationToken,
            head.Position.Epoch, head.Position.Offset, head.Writer, head.Number, entry.Position.Epoch, entry.Position.Offset, entry.Writer, entry.Number, RedisEntry.Header(entry), entry.Body);
        return new((AppendStatus)(int)parts[0], Head(parts.AsSpan(1)));
    }

    public async ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        var parts = await RunAsync(RedisScript.Read, [RedisKeys.Meta(stream), RedisKeys.Entries(stream)], cancellationToken, after.Offset, max);
        if (RedisEpochs.Parse((string)parts[0]!, (string)parts[5]!) is not { } epochs) return LogRules.Unknown(after);
        var head = Head(parts);
        var status = epochs.Judge(first: (long)parts[4], head.Position.Offset, after);
        return new(status, status == ReadStatus.Ok ? Parse(stream, after, (RedisResult[])parts[7]!) : [], head, IsRestarted: (int)parts[6] == 1);
    }

    public async ValueTask<AppendResult> RestoreAsync(
        string stream, LogSnapshot? snapshot, LogHead? before, IReadOnlyList<Entry> entries, CancellationToken cancellationToken = default)
    {
        CheckRestore(stream, snapshot, entries);
        while (true)
        {
            var store = await HeadAsync(stream, cancellationToken);
            if (RestorePlan.For(store, snapshot, before, entries) is not { } plan) return new(AppendStatus.Refused, store.Last);
            if (!await RestoreAsync(stream, store, plan, entries[^1], cancellationToken)) continue; // somebody else was quicker
            if (plan.Missing.Count > 0) RedisLogMessages.Restored(_logger, _server.Name, stream, store.Last.Position, plan.Missing.Count);
            return new(AppendStatus.Taken, LogHead.Of(entries[^1]));
        }
    }

    public async ValueTask<LogSnapshot?> GetSnapshotAsync(string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        var key = RedisKeys.Snapshots(stream);
        while (true)
        {
            var held = await _server.CommandAsync(database => database.HashGetAsync(key, ["newest", "a:at", "b:at"]), cancellationToken);
            if (held[0].IsNull) return null;
            try
            {
                var (slot, header) = Choose(held[0] == "a", held[1], held[2], notAfterMs);
                var value = await _server.CommandAsync(database => database.HashGetAsync(key, slot), cancellationToken);
                if (value.IsNull) continue;
                var snapshot = RedisSnapshot.Parse((byte[])value!);
                if (RedisSnapshot.Header(snapshot) == header) return snapshot; // else a newer one took its place
            }
            catch (FormatException wrong)
            {
                throw Damaged($"Redis {_server.Name}: a snapshot of {stream} is not what was written.", wrong);
            }
        }
    }

    public async ValueTask<bool> PutSnapshotAsync(string stream, LogHead last, LogSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        LogRules.Check(stream, last, snapshot);
        var oldMs = LogRules.IsTrimmedBySnapshot(stream) ? 1L << 52
            : _options.KeepHours == 0 ? 0
            : snapshot.AtMs - (_options.KeepHours * 3_600_000L);
        var taken = await _server.RunAsync(
            RedisScript.PutSnapshot, [RedisKeys.Entries(stream), RedisKeys.Snapshots(stream)], cancellationToken,
            last.Position.Epoch, last.Position.Offset, last.Writer, last.Number, RedisSnapshot.Header(snapshot), RedisSnapshot.Value(snapshot), oldMs);
        return (int)taken == 1;
    }

    public async ValueTask<bool> DeleteAsync(string stream, LogHead? head, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        var last = head ?? LogHead.Empty;
        var erased = await _server.RunAsync(
            RedisScript.Delete, [RedisKeys.Meta(stream), RedisKeys.Entries(stream), RedisKeys.Snapshots(stream), RedisKeys.Gone(stream)], cancellationToken,
            head is null ? 0 : 1, last.Position.Epoch, last.Position.Offset, last.Writer, last.Number);
        return (int)erased == 1;
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // A key may come twice while the server makes room for more.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var cursor = "0";
        do
        {
            var step = (RedisResult[])(await _server.CommandAsync(
                database => database.ExecuteAsync("SCAN", cursor, "MATCH", RedisKeys.AnyMeta, "COUNT", KeysAtOnce), cancellationToken))!;
            cursor = (string)step[0]!;
            foreach (var key in (string[])step[1]!)
            {
                var stream = RedisKeys.StreamOf(key);
                if (seen.Add(stream)) yield return stream;
            }
        }
        while (cursor != "0");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static void CheckRestore(string stream, LogSnapshot? snapshot, IReadOnlyList<Entry> entries)
    {
        LogRules.CheckStream(stream);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfZero(entries.Count, nameof(entries));
        foreach (var entry in entries) LogRules.Check(entry);
        for (var i = 1; i < entries.Count; i++) LogRules.Check(stream, entries[i - 1].Position, entries[i]);
        if (snapshot is null) return;
        LogRules.Check(stream, snapshot);
        if (snapshot.Position.Offset > entries[^1].Position.Offset) throw new ArgumentException("The snapshot is of a later position than the last entry.", nameof(snapshot));
    }

    private static (string Slot, string Header) Choose(bool aIsNewest, RedisValue a, RedisValue b, long notAfterMs)
    {
        var (newest, older) = aIsNewest ? (("a", (string)a!), ("b", (string?)b)) : (("b", (string)b!), ("a", (string?)a));
        return older.Item2 is null || RedisSnapshot.ParseHeader(newest.Item2).AtMs <= notAfterMs ? newest : (older.Item1, older.Item2);
    }

    // Epoch ('' = there is no such stream), offset, writer, number: as scripts answer it.
    private static LogHead Head(ReadOnlySpan<RedisResult> parts) =>
        (string)parts[0]! is { Length: > 0 } epoch ? new(new(epoch, (long)parts[1]), (string)parts[2]!, (long)parts[3]) : LogHead.Empty;

    private async Task<StoredHead> HeadAsync(string stream, CancellationToken cancellationToken)
    {
        var parts = await RunAsync(RedisScript.Head, [RedisKeys.Meta(stream), RedisKeys.Gone(stream)], cancellationToken);
        var epochs = RedisEpochs.Parse((string)parts[0]!, (string)parts[4]!);
        return new(epochs, Head(parts), (int)parts[5] == 1, (string)parts[6]!);
    }

    // False: the stream is not as it was seen.
    private async Task<bool> RestoreAsync(string stream, StoredHead store, RestorePlan plan, Entry last, CancellationToken cancellationToken)
    {
        List<RedisValue> arguments =
        [
            store.Last.Position.Epoch, store.Last.Position.Offset, store.Last.Writer, store.Last.Number, store.Gone, plan.Replaces ? 1 : 0,
            plan.Snapshot is { } put ? RedisSnapshot.Header(put) : "", plan.Snapshot is { } state ? RedisSnapshot.Value(state) : "",
            last.Position.Epoch, last.Position.Offset, RedisEpochs.Past(plan.Epochs), last.Writer, last.Number,
        ];
        foreach (var entry in plan.Missing) arguments.AddRange([entry.Position.Offset, RedisEntry.Header(entry), entry.Body]);
        var done = await _server.RunAsync(
            RedisScript.Restore, [RedisKeys.Meta(stream), RedisKeys.Entries(stream), RedisKeys.Snapshots(stream), RedisKeys.Gone(stream)], cancellationToken,
            [.. arguments]);
        return (int)done == 1;
    }

    private List<Entry> Parse(string stream, Position after, RedisResult[] fields)
    {
        var entries = new List<Entry>(fields.Length / 2);
        try
        {
            for (var i = 0; i < fields.Length; i += 2)
            {
                var entry = RedisEntry.Parse((string)fields[i]!, (byte[])fields[i + 1]!);
                if (entry.Position.Offset != after.Offset + entries.Count + 1) throw new FormatException("An entry is missing.");
                entries.Add(entry);
            }
        }
        catch (FormatException wrong)
        {
            throw Damaged($"Redis {_server.Name}: the entries of {stream} after {after} are not what was written.", wrong);
        }

        return entries;
    }

    private LogDamagedException Damaged(string what, FormatException wrong)
    {
        RedisLogMessages.Damaged(_logger, what);
        return new LogDamagedException(what, wrong);
    }

    private async Task<RedisResult[]> RunAsync(string script, RedisKey[] keys, CancellationToken cancellationToken, params RedisValue[] arguments) =>
        (RedisResult[])(await _server.RunAsync(script, keys, cancellationToken, arguments))!;
}
