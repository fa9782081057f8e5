using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The only one that writes: takes all that waits, decides it, writes it at once, and only then answers. While one group is being written,
/// the next one gathers.
/// </summary>
internal sealed class RocksWriter : IDisposable
{
    private const int MaxGroupBytes = 8 << 20;

    private readonly RocksStore _store;
    private readonly StreamHeads _heads;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly RocksBatch _batch = new();
    private readonly RowWriter _row = new(1 << 12);
    private readonly byte[] _key = new byte[RocksKeys.MaxBytes];
    private readonly List<LogOp> _group = [];
    private List<LogOp> _queue = [];
    private List<LogOp> _taken = [];
    private bool _changes;
    private bool _stopping;

    public RocksWriter(RocksStore store)
    {
        (_store, _heads) = (store, new StreamHeads(store));
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    public void Enqueue(LogOp op)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(RocksLog));
            _queue.Add(op);
            if (_queue.Count == 1) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Writes what is queued, then ends. Blocks.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _batch.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                while (_queue.Count == 0)
                {
                    if (_stopping) return;
                    Monitor.Wait(_gate);
                }

                (_queue, _taken) = (_taken, _queue);
            }

            var bytes = 0L;
            foreach (var op in _taken)
            {
                if (bytes > MaxGroupBytes) Flush(ref bytes);
                _group.Add(op);
                bytes += op.Bytes;
            }

            Flush(ref bytes);
            _taken.Clear();
        }
    }

    private void Flush(ref long bytes)
    {
        Commit();
        _group.Clear();
        _heads.Age(); // now nothing is staged
        bytes = 0;
    }

    private void Commit()
    {
        try
        {
            _batch.Clear();
            _changes = false;
            if (_store.MakeWritable()) _heads.Clear();
            for (var i = 0; i < _group.Count; i++)
            {
                if (!TryStage(_group[i])) _group.RemoveAt(i--);
            }

            if (_changes) _store.Write(_batch, _group.Count);
        }
        catch (Exception e)
        {
            // What was staged is not what is stored, or what is stored is not what was known.
            _heads.Clear();
            foreach (var op in _group) op.Fail(e);
            return;
        }

        foreach (var op in _group) op.Complete();
    }

    /// <returns>False: the stream is damaged, and this request has failed. Others of the group don't suffer.</returns>
    private bool TryStage(LogOp op)
    {
        try
        {
            Stage(op); // finds the head before it stages anything
            return true;
        }
        catch (LogDamagedException damaged)
        {
            op.Fail(damaged);
            return false;
        }
    }

    private void Stage(LogOp op)
    {
        switch (op)
        {
            case AppendOp append:
                append.Result = Stage(append);
                break;
            case SnapshotOp snapshot:
                snapshot.Result = Stage(snapshot);
                break;
            case DeleteOp delete:
                delete.Result = Stage(delete);
                break;
        }
    }

    private AppendResult Stage(AppendOp op)
    {
        var (head, entry) = (_heads.Find(op.Stream), op.Entry);
        if (!LogRules.IsAt(head.Last, op.Head)) return new(AppendStatus.Refused, head.Last);
        var epochs = head.Life?.Epochs.Append(entry.Position) ?? LogEpochs.Of(entry.Position.Epoch);
        if (head.Life is null) PutLife(op.Stream, head, new StreamLife(entry.Position.Epoch, epochs, 1, default));
        else if (epochs != head.Life.Epochs) PutLife(op.Stream, head, head.Life with { Epochs = epochs });

        var key = RocksKeys.Entry(op.Stream, head.Life!.Birth, entry.Position.Offset, _key);
        Put(key, RocksRows.Entry(_row, key, entry));
        head.Last = LogHead.Of(entry);
        return new(AppendStatus.Taken, head.Last);
    }

    private bool Stage(SnapshotOp op)
    {
        var (head, snapshot, offset) = (_heads.Find(op.Stream), op.Snapshot, op.Snapshot.Position.Offset);
        if (head.Life is not { } life || !life.Epochs.Has(snapshot.Position, head.Last.Position.Offset) || offset <= life.Snapshots.NewestOffset) return false;

        // The second-newest snapshot, once this one is the newest, is what the log may be trimmed to.
        var first = Math.Max(life.First, Math.Min(op.KeepFrom, life.Snapshots.NewestOffset + 1));
        PutLife(op.Stream, head, life with { First = first, Snapshots = life.Snapshots.With(snapshot with { State = default }) });
        var key = RocksKeys.Snapshot(op.Stream, life.Birth, offset, _key);
        Put(key, RocksRows.Snapshot(_row, key, snapshot));
        if (life.Snapshots.Older is { } older) _batch.Delete(RocksKeys.Snapshot(op.Stream, life.Birth, older.Position.Offset, _key));
        if (first > life.First)
            _batch.DeleteRange(RocksKeys.Entry(op.Stream, life.Birth, life.First, _key), RocksKeys.Entry(op.Stream, life.Birth, first, stackalloc byte[RocksKeys.MaxBytes]));
        return true;
    }

    private bool Stage(DeleteOp op)
    {
        try
        {
            var head = _heads.Find(op.Stream);
            if (head.Life is null) return true;
            if (op.Head is { } last && head.Last != last) return false;
        }
        catch (LogDamagedException) when (op.Head is null)
        {
            // What can't be read can still go.
        }

        _heads.Remove(op.Stream);
        _batch.DeleteRange(RocksKeys.LifeOf(op.Stream, _key), RocksKeys.After(op.Stream, stackalloc byte[RocksKeys.MaxBytes]));
        return _changes = true;
    }

    private void PutLife(string stream, StreamHead head, StreamLife life)
    {
        head.Life = life;
        var key = RocksKeys.LifeOf(stream, _key);
        Put(key, RocksRows.Life(_row, key, life));
    }

    private void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _batch.Put(key, value);
        _changes = true;
    }
}
