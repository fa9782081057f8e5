using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Memory;

/// <summary>A log that lives as long as its process, for tests. Batches are kept as they were given, not copied.</summary>
public sealed class MemoryLog : IStreamLog
{
    private readonly TimeProvider _time;
    private readonly LogTails _tails;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);
    private bool _closed;

    public MemoryLog(TimeProvider time)
    {
        _time = time;
        _tails = new LogTails(time, ReadAsync, IsBehind);
    }

    public bool IsShared => false;

    public ValueTask<AppendResult> AppendAsync(string stream, AppendRequest request, CancellationToken cancellationToken = default)
    {
        LogRules.Check(stream, request);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var isNew = !_streams.TryGetValue(stream, out var held);
            held ??= new Stream();
            if (held.Producers.Judge(request, held.Epoch) is { } answer) return new(answer);
            if (isNew) _streams.Add(stream, held);

            var position = new Position(held.Epoch, held.Head + 1);
            held.LastAtMs = LogTime.Next(_time.GetUtcNow().ToUnixTimeMilliseconds(), held.LastAtMs, request);
            var entry = new Entry(position, held.LastAtMs, request.Producer, request.Sequence, request.Batch);
            held.Kept.Add(new(entry.AtMs, entry.Producer, entry.Sequence, entry.Batch));
            held.Producers.Set(request.Producer, new ProducerState(request.Sequence, position.Offset, entry.AtMs));
            _tails.Push(stream, entry);
            return new(new AppendResult(AppendStatus.Taken, position, entry.AtMs, request.Sequence));
        }
    }

    public ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        lock (_gate)
        {
            if (!_streams.TryGetValue(stream, out var held)) return new(LogRules.Unknown(after));
            var status = LogRules.Judge(held.Epoch, held.First, held.Head, after);
            var head = new Position(held.Epoch, held.Head);
            if (status != ReadStatus.Ok) return new(new ReadResult(status, [], head));
            return new(new ReadResult(status, held.Entries(after.Offset + 1, max), head));
        }
    }

    public IAsyncEnumerable<Entry> TailAsync(string stream, Position after, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        return _tails.TailAsync(stream, after, cancellationToken);
    }

    public ValueTask<LogSnapshot?> GetSnapshotAsync(
        string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        lock (_gate) return new(_streams.GetValueOrDefault(stream)?.Snapshots.Choose(notAfterMs));
    }

    public ValueTask<bool> PutSnapshotAsync(string stream, LogSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        lock (_gate)
        {
            var (epoch, offset) = snapshot.Position;
            if (!_streams.TryGetValue(stream, out var held) || held.Epoch != epoch || offset < 1 || offset > held.Head) return new(false);
            if (!held.Snapshots.TryPut(offset, snapshot.AtMs, snapshot, out _)) return new(false);
            if (LogRules.IsTrimmedBySnapshot(stream) && held.Snapshots.SecondNewest is { } second) held.TrimTo(second.Offset + 1);
            return new(true);
        }
    }

    public ValueTask DeleteAsync(string stream, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        lock (_gate)
        {
            if (!_streams.TryGetValue(stream, out var held)) return default;
            _tails.Delete(stream, held.Epoch);
            _streams.Remove(stream);
        }

        return default;
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate) _closed = true;
        _tails.Dispose();
        return default;
    }

    private bool IsBehind(string stream, Position position)
    {
        lock (_gate)
        {
            return _streams.TryGetValue(stream, out var held)
                ? position != new Position(held.Epoch, held.Head)
                : !position.IsStart;
        }
    }

    private sealed class Stream
    {
        public string Epoch { get; } = Epochs.New();
        public long First { get; private set; } = 1;
        public long Head => First + Kept.Count - 1;
        public long LastAtMs { get; set; }
        public List<Kept> Kept { get; } = [];
        public ProducerTable Producers { get; } = new();
        public SnapshotPair<LogSnapshot> Snapshots { get; } = new();

        public void TrimTo(long first)
        {
            if (first <= First) return;
            Kept.RemoveRange(0, (int)(first - First));
            First = first;
        }

        public List<Entry> Entries(long from, int max)
        {
            var entries = new List<Entry>();
            for (var offset = from; offset <= Head && entries.Count < max; offset++)
            {
                var (atMs, producer, sequence, batch) = Kept[(int)(offset - First)];
                entries.Add(new Entry(new Position(Epoch, offset), atMs, producer, sequence, batch));
            }

            return entries;
        }
    }

    /// <summary>An entry, but for what its place says.</summary>
    private readonly record struct Kept(long AtMs, string Producer, long Sequence, ReadOnlyMemory<byte> Batch);
}
