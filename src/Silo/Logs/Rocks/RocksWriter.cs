using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The only one that writes: takes all that waits, decides it, writes it at once, and only then answers and pushes. While one group is
/// being written, the next one gathers.
/// </summary>
internal sealed class RocksWriter : IDisposable
{
    private const int MaxGroupBytes = 8 << 20;

    private readonly RocksStore _store;
    private readonly StreamHeads _heads;
    private readonly TimeProvider _time;
    private readonly LogTails _tails;
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

    public RocksWriter(RocksStore store, StreamHeads heads, TimeProvider time, LogTails tails)
    {
        (_store, _heads, _time, _tails) = (store, heads, time, tails);
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
                // A deletion goes alone: what comes before and after it belongs to different lives.
                if (op is DeleteOp || bytes > MaxGroupBytes) Flush(ref bytes);
                _group.Add(op);
                bytes += op.Bytes;
                if (op is DeleteOp) Flush(ref bytes);
            }

            Flush(ref bytes);
            _taken.Clear();
        }
    }

    private void Flush(ref long bytes)
    {
        if (_group.Count > 0) TakeTurn();
        _group.Clear();
        _heads.Trim(_tails.Has); // now nothing is staged
        bytes = 0;
    }

    private void TakeTurn()
    {
        _heads.BeginTurn();
        try
        {
            Commit();
        }
        finally
        {
            _heads.EndTurn();
        }
    }

    private void Commit()
    {
        try
        {
            _batch.Clear();
            _changes = false;
            if (_store.MakeWritable()) Forget();
            var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            for (var i = 0; i < _group.Count; i++)
            {
                if (!TryStage(_group[i], nowMs)) _group.RemoveAt(i--);
            }

            if (_changes) _store.Write(_batch, _group.Count);
        }
        catch (Exception e)
        {
            Forget();
            foreach (var op in _group) op.Fail(e);
            return;
        }

        foreach (var op in _group) Publish(op);
        foreach (var op in _group) op.Complete();
    }

    // What was staged is not what is stored, or what is stored is not what was known.
    private void Forget()
    {
        _heads.Clear();
        _tails.Recheck();
    }

    /// <returns>False: the stream is damaged, and this request has failed. Others of the group don't suffer.</returns>
    private bool TryStage(LogOp op, long nowMs)
    {
        try
        {
            Stage(op, nowMs); // finds the head before it stages anything
            return true;
        }
        catch (LogDamagedException damaged)
        {
            op.Fail(damaged);
            return false;
        }
    }

    private void Stage(LogOp op, long nowMs)
    {
        switch (op)
        {
            case AppendOp append:
                Stage(append, nowMs);
                break;
            case SnapshotOp snapshot:
                Stage(snapshot);
                break;
            case DeleteOp delete:
                Stage(delete);
                break;
        }
    }

    private void Stage(DeleteOp op)
    {
        try
        {
            op.Head = _heads.Find(op.Stream);
            if (op.Head is null) return;
        }
        catch (LogDamagedException)
        {
            op.IsDamaged = true; // what can't be read can still go
        }

        _batch.DeleteRange(RocksKeys.LifeOf(op.Stream, _key), RocksKeys.After(op.Stream, stackalloc byte[RocksKeys.MaxBytes]));
        _changes = true;
    }

    private void Stage(AppendOp op, long nowMs)
    {
        var request = op.Request;
        var head = _heads.Find(op.Stream);
        if (head is null)
        {
            if (request.Previous != 0)
            {
                op.Result = new AppendResult(AppendStatus.Refused, Position.Start, 0, 0);
                return;
            }

            head = new StreamHead(new StreamLife(Epochs.New(), 1, default, default), 0, 0, new ProducerTable());
            _heads.Add(op.Stream, head);
            PutLife(op.Stream, head.Staged);
        }

        if (head.Producers.Judge(request, head.Epoch) is { } answer)
        {
            op.Result = answer;
            return;
        }

        head.StagedHead++;
        head.StagedAtMs = LogTime.Next(nowMs, head.StagedAtMs, request);
        var position = new Position(head.Epoch, head.StagedHead);
        var state = new ProducerState(request.Sequence, position.Offset, head.StagedAtMs);
        var forgotten = head.Producers.Set(request.Producer, state);
        (op.Head, op.Entry) = (head, new Entry(position, state.AtMs, request.Producer, request.Sequence, request.Batch));
        op.Result = new AppendResult(AppendStatus.Taken, position, state.AtMs, request.Sequence);

        var key = RocksKeys.Entry(op.Stream, head.Epoch, position.Offset, _key);
        _batch.Put(key, RocksRows.Entry(_row, key, op.Entry));
        key = RocksKeys.ChainOf(op.Stream, request.Producer, _key);
        _batch.Put(key, RocksRows.Chain(_row, key, state));
        if (forgotten is not null) _batch.Delete(RocksKeys.ChainOf(op.Stream, forgotten, _key));
        _changes = true;
    }

    private void Stage(SnapshotOp op)
    {
        var ((epoch, offset), atMs) = (op.Snapshot.Position, op.Snapshot.AtMs);
        if (_heads.Find(op.Stream) is not { } head || head.Epoch != epoch) return;
        var life = head.Staged;
        if (offset <= life.Newest.Offset || offset > head.StagedHead) return;
        (op.Head, op.Result) = (head, true);

        // The second-newest snapshot, once this one is the newest, is what the log may be trimmed to.
        op.First = Math.Max(life.First, Math.Min(op.KeepFrom, life.Newest.Offset + 1));
        head.Staged = new StreamLife(epoch, op.First, life.Newest, (offset, atMs));
        PutLife(op.Stream, head.Staged);
        if (life.Older.Offset > 0) _batch.Delete(RocksKeys.Snapshot(op.Stream, epoch, life.Older.Offset, _key));
        var key = RocksKeys.Snapshot(op.Stream, epoch, offset, _key);
        _batch.Put(key, RocksRows.Snapshot(_row, key, atMs, op.Snapshot.State.Span));
        if (op.First > life.First)
            _batch.DeleteRange(RocksKeys.Entry(op.Stream, epoch, life.First, _key), RocksKeys.Entry(op.Stream, epoch, op.First, stackalloc byte[RocksKeys.MaxBytes]));
        _changes = true;
    }

    private void PutLife(string stream, StreamLife life)
    {
        var key = RocksKeys.LifeOf(stream, _key);
        _batch.Put(key, RocksRows.Life(_row, key, life));
    }

    private void Publish(LogOp op)
    {
        switch (op)
        {
            case AppendOp { Head: { } head, Entry: { } entry }:
                head.Append(entry.Position.Offset);
                _tails.Push(op.Stream, entry);
                break;
            case SnapshotOp { Head: { } head } snapshot:
                head.Put(snapshot.Snapshot.Position.Offset, snapshot.Snapshot.AtMs, snapshot.First);
                break;
            case DeleteOp { Head: { } head }:
                _tails.Delete(op.Stream, head.Epoch);
                _heads.Remove(op.Stream);
                break;
            case DeleteOp { IsDamaged: true }:
                _tails.Delete(op.Stream, epoch: null);
                _heads.Remove(op.Stream);
                break;
        }
    }
}
