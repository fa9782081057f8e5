using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Streams;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Copies what is sound from one database to an empty one; streams that are not whole get a new epoch there.</summary>
internal sealed class SalvageCopy(RocksDatabase target, string name) : IDisposable
{
    private const int MaxBatchBytes = 4 << 20;

    private readonly RocksBatch _batch = new();
    private readonly RowWriter _row = new(1 << 12);
    private readonly byte[] _key = new byte[RocksKeys.MaxBytes];
    private readonly List<LogSnapshot> _snapshots = [];
    private string? _stream;
    private bool _isRenewed;
    private string _oldEpoch = "";
    private string _epoch = "";
    private long _first;
    private long _head;
    private long _atMs;
    private List<(long Old, long New)> _moved = [];
    private int _bytes;
    private long _group;

    /// <summary>How many streams are as they were.</summary>
    public int Kept { get; private set; }

    /// <summary>All streams of which something is left.</summary>
    public HashSet<string> Left { get; } = new(StringComparer.Ordinal);

    /// <summary>The streams with a new epoch.</summary>
    public List<string> Renewed { get; } = [];

    /// <param name="source">What to copy.</param>
    /// <param name="survey">Of the source.</param>
    /// <param name="isWhole">Only the streams that the survey names may have lost something.</param>
    public void Run(RocksDatabase source, StreamSurvey survey, bool isWhole)
    {
        RowWalk.Run(
            source,
            (key, value) =>
            {
                if (RocksKeys.StreamOf(key, out var kind) is not { } stream) return;
                if (stream != _stream) Begin(stream, !isWhole || survey.Concerned.Contains(stream));
                if (!_isRenewed) Put(key, value);
                else Renew(key, value, kind);
            },
            (_, _) => { });
        End();
    }

    /// <summary>Writes the rest.</summary>
    /// <returns>The number of the last group.</returns>
    public long Finish()
    {
        Write();
        return _group;
    }

    public void Dispose() => _batch.Dispose();

    private void Begin(string stream, bool renew)
    {
        End();
        (_stream, _isRenewed, _oldEpoch, _epoch, _first, _head, _atMs, _moved) = (stream, renew, "", Epochs.New(), 0, 0, 0, []);
        _snapshots.Clear();
        if (renew) return;
        Kept++;
        Left.Add(stream);
    }

    private void Renew(byte[] key, byte[] value, RowKind kind)
    {
        try
        {
            switch (kind)
            {
                case RowKind.Life:
                    var life = RocksRows.ReadLife(key, value);
                    (_oldEpoch, _first) = (life.Epoch, life.First);
                    break;
                case RowKind.Snapshot:
                    var snapshot = RocksRows.ReadSnapshot(key, value, new Position(RocksKeys.EpochOf(key), RocksKeys.OffsetOf(key)));
                    if (_oldEpoch.Length == 0 || snapshot.Position.Epoch == _oldEpoch) _snapshots.Add(snapshot);
                    break;
                case RowKind.Entry:
                    Renew(RocksRows.ReadEntry(key, value, new Position(RocksKeys.EpochOf(key), RocksKeys.OffsetOf(key))));
                    break;
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
        {
            // The survey has said so.
        }
    }

    private void Renew(Entry entry)
    {
        if (_oldEpoch.Length == 0) _oldEpoch = entry.Position.Epoch;
        if (entry.Position.Epoch != _oldEpoch || (_first > 0 && entry.Position.Offset < _first)) return;
        if (_head == 0)
        {
            if (_first == 0) _first = _snapshots.Count > 0 ? entry.Position.Offset : 1;
            _head = _first - 1;
        }

        _head++;
        _atMs = entry.AtMs;
        if (_moved.Count == 0 || entry.Position.Offset - _moved[^1].Old != _head - _moved[^1].New) _moved.Add((entry.Position.Offset, _head));
        var moved = entry with { Position = new Position(_epoch, _head), Origin = entry.Origin ?? entry.Position };
        var key = RocksKeys.Entry(_stream!, _epoch, _head, _key);
        Put(key, RocksRows.Entry(_row, key, moved));
    }

    private void End()
    {
        if (_stream is null || !_isRenewed) return;
        var snapshot = _snapshots.LastOrDefault();
        if (_head == 0 && snapshot is null) return;
        if (_head == 0) (_first, _head, _atMs) = (snapshot!.Position.Offset + 1, snapshot.Position.Offset, snapshot.AtMs);

        (long Offset, long AtMs) newest = default;
        if (snapshot is not null && Rebase(snapshot) is { } rebased)
        {
            newest = (rebased.Position.Offset, rebased.AtMs);
            var at = RocksKeys.Snapshot(_stream, _epoch, newest.Offset, _key);
            Put(at, RocksRows.Snapshot(_row, at, rebased.AtMs, rebased.State.Span));
        }
        else if (_head < _first)
        {
            return;
        }

        var key = RocksKeys.LifeOf(_stream, _key);
        Put(key, RocksRows.Life(_row, key, new StreamLife(_epoch, _first, default, newest)));
        Renewed.Add(_stream);
        Left.Add(_stream);
    }

    // The newest state is worth most, and says of itself where it stands.
    private LogSnapshot? Rebase(LogSnapshot snapshot)
    {
        var offset = Math.Max(1, _first - 1);
        foreach (var (old, @new) in _moved)
        {
            if (old <= snapshot.Position.Offset) offset = Math.Min(_head, @new + (snapshot.Position.Offset - old));
            else offset = Math.Min(offset, @new - 1);
        }

        if (_moved.Count == 0) offset = _head;
        var position = new Position(_epoch, offset);
        try
        {
            return snapshot with { Position = position, State = StreamIds.IsOwn(_stream!) ? snapshot.State : StreamState.Move(snapshot.State, position) };
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _batch.Put(key, value);
        _bytes += key.Length + value.Length;
        if (_bytes > MaxBatchBytes) Write();
    }

    private void Write()
    {
        _batch.Put(RocksKeys.Group, RocksRows.Group(new RowWriter(64), RocksKeys.Group, ++_group, name));
        target.Write(_batch);
        _batch.Clear();
        _bytes = 0;
    }
}
