using System.Runtime.InteropServices;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Memory;

/// <summary>A log that lives as long as its process, for tests. Bodies and states are kept as they were given, not copied.</summary>
public sealed class MemoryLog : IStreamLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>Never raised: it loses nothing, or all.</summary>
    public event Action? Restarted
    {
        add { }
        remove { }
    }

    public ValueTask<AppendResult> AppendAsync(string stream, LogHead head, Entry entry, CancellationToken cancellationToken = default)
    {
        LogRules.Check(stream, head.Position, entry);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var held = _streams.GetValueOrDefault(stream);
            if (!LogRules.IsAt(HeadOf(held), head)) return new(new AppendResult(AppendStatus.Refused, HeadOf(held)));
            if (held is null) _streams.Add(stream, new Stream(entry));
            else held.Append(entry);
            return new(new AppendResult(AppendStatus.Taken, LogHead.Of(entry)));
        }
    }

    public ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        lock (_gate)
        {
            if (!_streams.TryGetValue(stream, out var held)) return new(LogRules.Unknown(after));
            var status = held.Epochs.Judge(held.First, held.Last.Position.Offset, after);
            return new(new ReadResult(status, status == ReadStatus.Ok ? held.After(after.Offset, max) : [], LogHead.Of(held.Last)));
        }
    }

    public ValueTask<AppendResult> RestoreAsync(
        string stream, LogSnapshot? snapshot, LogHead? before, IReadOnlyList<Entry> entries, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        lock (_gate) return new(new AppendResult(AppendStatus.Refused, HeadOf(_streams.GetValueOrDefault(stream))));
    }

    public ValueTask<LogSnapshot?> GetSnapshotAsync(
        string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        lock (_gate) return new(_streams.GetValueOrDefault(stream)?.Snapshots.Choose(notAfterMs));
    }

    public ValueTask<bool> PutSnapshotAsync(string stream, LogHead last, LogSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        LogRules.Check(stream, last, snapshot);
        lock (_gate)
        {
            if (!_streams.TryGetValue(stream, out var held) || snapshot.Position.Offset <= held.Snapshots.NewestOffset || !held.Has(last)) return new(false);
            held.Snapshots = held.Snapshots.With(snapshot);
            if (LogRules.IsTrimmedBySnapshot(stream) && held.Snapshots.Older is { } older) held.TrimTo(older.Position.Offset + 1);
            return new(true);
        }
    }

    public ValueTask<bool> DeleteAsync(string stream, LogHead? head, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        lock (_gate)
        {
            if (head is { } last && _streams.TryGetValue(stream, out var held) && HeadOf(held) != last) return new(false);
            _streams.Remove(stream);
            return new(true);
        }
    }

    public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate) return _streams.Keys.ToArray().ToAsyncEnumerable();
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate) _closed = true;
        return default;
    }

    private static LogHead HeadOf(Stream? held) => held is null ? LogHead.Empty : LogHead.Of(held.Last);

    private sealed class Stream(Entry first)
    {
        private readonly List<Entry> _kept = [first];

        public LogEpochs Epochs { get; private set; } = LogEpochs.Of(first.Position.Epoch);

        public SnapshotPair Snapshots { get; set; }

        public long First => _kept[0].Position.Offset;

        public Entry Last => _kept[^1];

        public void Append(Entry entry)
        {
            Epochs = Epochs.Append(entry.Position);
            _kept.Add(entry);
        }

        public bool Has(LogHead entry) => entry.Position.Offset >= First && entry.Position.Offset <= Last.Position.Offset
            && LogHead.Of(_kept[(int)(entry.Position.Offset - First)]) == entry;

        public Entry[] After(long offset, int max)
        {
            var skipped = (int)(offset + 1 - First);
            return CollectionsMarshal.AsSpan(_kept).Slice(skipped, Math.Min(max, _kept.Count - skipped)).ToArray();
        }

        public void TrimTo(long first) => _kept.RemoveRange(0, (int)Math.Max(0, first - First));
    }
}
