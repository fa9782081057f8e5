using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Directories;
using Interactions.Silo.Streams;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// What becomes of a stream that lost something, or may have. Its sound entries and snapshots stay at their positions. Entries that are
/// missing between them are replaced by empty ones, and an empty one that opens a new epoch ends it, so that no offset of the old epoch is
/// given out twice. A fold needs the first entry or a snapshot: what has neither is given up.
/// </summary>
/// <param name="stream">Its name.</param>
/// <param name="birth">Rows of other lives are left out.</param>
/// <param name="put">Takes the rows that stay.</param>
internal sealed class StreamSalvage(string stream, string birth, StreamSalvage.PutRow put)
{
    /// <summary>Who writes the empty entries.</summary>
    public const string Writer = "repair";

    private readonly RowWriter _row = new(1 << 12);
    private readonly byte[] _key = new byte[RocksKeys.MaxBytes];
    private readonly byte[] _empty = StreamIds.IsOwn(stream) ? DirectoryCodec.Encode([]) : EntryCodec.Encode(new EntryBody(RuleBook.First, []));
    private readonly List<LogSnapshot> _snapshots = [];
    private long _keptFrom;
    private long _first;
    private LogEpochs? _epochs;
    private long _head;
    private long _atMs;

    public delegate void PutRow(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    private long NewestOffset => _snapshots.Count == 0 ? 0 : _snapshots[^1].Position.Offset;

    /// <summary>Rows come in the order of their keys.</summary>
    public void Take(RowKind kind, byte[] key, byte[] value)
    {
        try
        {
            if (kind == RowKind.Life) _keptFrom = RocksRows.ReadLife(key, value).First;
            else if (kind is not (RowKind.Snapshot or RowKind.Entry) || RocksKeys.BirthOf(key) != birth) return;
            else if (kind == RowKind.Snapshot) _snapshots.Add(RocksRows.ReadSnapshot(key, value));
            else Take(RocksRows.ReadEntry(key, value));
            if (_snapshots.Count > 2) _snapshots.RemoveAt(0);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
        {
            // The survey has said so.
        }
    }

    /// <returns>False: nothing is left.</returns>
    public bool End()
    {
        if (_epochs is null && _snapshots.Count == 0) return false;
        if (_epochs is null) BeginAfter(_snapshots[^1]);
        Fill(NewestOffset);
        PutEmpty(Epochs.New(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), _epochs!.Current));

        var places = default(SnapshotPair);
        foreach (var snapshot in _snapshots.Where(snapshot => snapshot.Position.Offset >= _first - 1))
        {
            places = places.With(snapshot with { State = default });
            var at = RocksKeys.Snapshot(stream, birth, snapshot.Position.Offset, _key);
            put(at, RocksRows.Snapshot(_row, at, snapshot));
        }

        var key = RocksKeys.LifeOf(stream, _key);
        put(key, RocksRows.Life(_row, key, new StreamLife(birth, _epochs, _first, places)));
        return true;
    }

    private void Take(Entry entry)
    {
        var offset = entry.Position.Offset;
        if (offset < _keptFrom) return;
        if (_epochs is null)
        {
            if (offset > 1 && _snapshots.Count == 0) return;
            if (offset - 1 > NewestOffset) BeginAfter(_snapshots[^1]);
            else if (_snapshots.Find(snapshot => snapshot.Position.Offset == offset - 1) is { } before) BeginAfter(before);
            else (_first, _head, _epochs) = (offset, offset - 1, LogEpochs.Of(entry.Position.Epoch));
        }

        Fill(offset - 1);
        Put(entry);
    }

    private void BeginAfter(LogSnapshot snapshot)
    {
        (_head, _atMs, _epochs) = (snapshot.Position.Offset, snapshot.AtMs, LogEpochs.Of(snapshot.Position.Epoch));
        _first = _head + 1;
    }

    private void Fill(long to)
    {
        while (_head < to)
        {
            var snapshot = _snapshots.Find(snapshot => snapshot.Position.Offset == _head + 1);
            if (snapshot is not null) _atMs = Math.Max(_atMs, snapshot.AtMs);
            PutEmpty(snapshot?.Position.Epoch ?? _epochs!.Current);
        }
    }

    private void PutEmpty(string epoch) => Put(new Entry(new Position(epoch, _head + 1), _atMs, Writer, _head + 1, _empty));

    private void Put(Entry entry)
    {
        (_epochs, _head, _atMs) = (_epochs!.Append(entry.Position), entry.Position.Offset, Math.Max(_atMs, entry.AtMs));
        var key = RocksKeys.Entry(stream, birth, _head, _key);
        put(key, RocksRows.Entry(_row, key, entry));
    }
}
