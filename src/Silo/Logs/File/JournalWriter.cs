using Interactions.Contracts;
using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Interactions.Silo.Logs.File;

/// <summary>
/// The only one that writes: takes all that waits, decides it, writes it at once, flushes once, and only
/// then answers and pushes. While one group is being flushed, the next one gathers.
/// </summary>
internal sealed class JournalWriter
{
    private const int MaxGroupBytes = 8 << 20;

    private readonly Journal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogTails _tails;
    private readonly Func<SafeFileHandle, IJournalFile> _open;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly ByteWriter _bytes = new(1 << 16);
    private readonly List<JournalOp> _group = [];
    private List<JournalOp> _queue = [];
    private List<JournalOp> _taken = [];
    private IJournalFile _file;
    private long _length;
    private bool _mustTruncate;
    private bool _isFailing;
    private bool _stopping;

    /// <param name="journal">Recovered.</param>
    /// <param name="length">Of its active segment.</param>
    /// <param name="time">The clock of log time.</param>
    /// <param name="tails">Pushed to.</param>
    /// <param name="open">Makes the file that is written to.</param>
    /// <param name="logger">For what an operator has to know.</param>
    public JournalWriter(
        Journal journal, long length, TimeProvider time, LogTails tails, Func<SafeFileHandle, IJournalFile> open, ILogger logger)
    {
        (_journal, _length, _time, _tails, _open, _logger) = (journal, length, time, tails, open, logger);
        _file = open(journal.Active.OpenJournal());
        _journal.Free(Carry);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    public void Enqueue(JournalOp op)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(FileLog));
            _queue.Add(op);
            if (_queue.Count == 1) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Writes what is queued, then ends. Blocks.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
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
            _journal.Free(Carry);
        }
    }

    private void Flush(ref long bytes)
    {
        if (_group.Count > 0) Commit();
        _group.Clear();
        bytes = 0;
    }

    private void Commit()
    {
        _bytes.Clear();
        var staged = 0;
        try
        {
            Truncate();
            Rotate();
            var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            while (staged < _group.Count) Stage(_group[staged++], nowMs);
            Write();
        }
        catch (Exception e)
        {
            while (--staged >= 0) Undo(_group[staged]);
            Fail(e);
            return;
        }

        if (_isFailing) FileLogMessages.WriteRecovered(_logger);
        _isFailing = false;
        foreach (var op in _group) Publish(op);
        _length += _bytes.Length;
        foreach (var op in _group) op.Complete();
    }

    private void Write()
    {
        if (_bytes.Length == 0) return;
        _mustTruncate = true;
        _file.Write(_bytes.Written, _length);
        _file.FlushToDisk();
        _mustTruncate = false;
    }

    /// <summary>Takes back what a failed write may have left.</summary>
    private void Truncate()
    {
        if (!_mustTruncate) return;
        _file.Truncate(_length);
        _file.FlushToDisk();
        _mustTruncate = false;
    }

    private void Fail(Exception e)
    {
        if (!_isFailing) FileLogMessages.WriteFailed(_logger, _group.Count, e);
        _isFailing = true;
        var isFull = DiskErrors.IsFull(e);
        try
        {
            Truncate();
        }
        catch (Exception again) when (again is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // What was written may come back after a crash, so nobody can be told that it was not taken.
            isFull = false;
        }

        foreach (var op in _group)
        {
            op.Fail(isFull
                ? new LogFullException("The disk of the log has no room.", e)
                : new LogUnavailableException("The log can't be written.", e));
        }
    }

    /// <summary>Begins the next segment when this one is long enough. A failure is no reason not to go on in this one.</summary>
    private void Rotate()
    {
        if (_length < _journal.Options.SegmentBytes) return;
        var next = new Segment(_journal.Options.Path, _journal.Active.Id + 1);
        try
        {
            // In this order a crash in between leaves an index file that does not fit or an empty segment: both are harmless.
            var handle = next.OpenJournal();
            RandomAccess.SetLength(handle, 0);
            CLibrary.FlushDirectory(_journal.Options.Path);
            _journal.Seal(_length);
            _journal.Begin(next);
            _file = _open(handle);
            _length = 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            FileLogMessages.NotRotated(_logger, _journal.Active.JournalPath, e);
            next.Delete();
        }
    }

    private void Stage(JournalOp op, long nowMs)
    {
        switch (op)
        {
            case AppendOp append:
                Stage(append, nowMs);
                break;
            case SnapshotOp snapshot:
                Stage(snapshot);
                break;
            case DeleteOp delete when _journal.Find(op.Stream) is { } index:
                delete.Index = index;
                RecordCodec.Delete(_bytes, TombstoneOf(index));
                break;
        }
    }

    private void Stage(AppendOp op, long nowMs)
    {
        var request = op.Request;
        var index = _journal.Find(op.Stream);
        if (index is null)
        {
            if (request.Previous != 0)
            {
                op.Result = new AppendResult(AppendStatus.Refused, Position.Start, 0, 0);
                return;
            }

            index = _journal.Open(op.Stream, Epochs.New(), _journal.Active.Id);
        }

        if (index.Producers.Judge(request, index.Epoch) is { } answer)
        {
            op.Result = answer;
            return;
        }

        (op.Index, op.AtMsBefore, op.At) = (index, index.StagedAtMs, _bytes.Length);
        index.StagedAtMs = LogTime.Next(nowMs, index.StagedAtMs, request);
        index.StagedHead++;
        op.Undo = index.Producers.Set(request.Producer, new ProducerState(request.Sequence, index.StagedHead, index.StagedAtMs));
        op.Result = new AppendResult(AppendStatus.Taken, new Position(index.Epoch, index.StagedHead), index.StagedAtMs, request.Sequence);
        RecordCodec.Entry(_bytes, op.Stream, index.Epoch, index.StagedHead, index.StagedAtMs, request);
    }

    private void Stage(SnapshotOp op)
    {
        var (epoch, offset) = op.Snapshot.Position;
        if (_journal.Find(op.Stream) is not { } index || index.Epoch != epoch) return;
        if (offset <= index.StagedSnapshot || offset > index.StagedHead) return;
        (op.Index, op.SnapshotBefore, op.At, op.Result) = (index, index.StagedSnapshot, _bytes.Length, true);
        index.StagedSnapshot = offset;
        RecordCodec.Snapshot(_bytes, op.Stream, op.Snapshot);
        if (FirstKept(op) is var first && first > index.First) RecordCodec.Trim(_bytes, op.Stream, epoch, first);
    }

    /// <summary>The second-newest snapshot, once this one is the newest, is what the log may be trimmed to.</summary>
    private static long FirstKept(SnapshotOp op) => Math.Min(op.KeepFrom, op.SnapshotBefore + 1);

    private void Undo(JournalOp op)
    {
        switch (op)
        {
            case AppendOp { Index: { } index } append:
                index.Producers.Undo(append.Undo);
                index.StagedAtMs = append.AtMsBefore;
                index.StagedHead--;
                if (index.StagedHead == 0) _journal.Forget(index);
                break;
            case SnapshotOp { Index: { } index } snapshot:
                index.StagedSnapshot = snapshot.SnapshotBefore;
                break;
        }
    }

    private void Publish(JournalOp op)
    {
        switch (op)
        {
            case AppendOp { Index: { } index } append:
                _journal.Append(index, _length + append.At, append.Result.AtMs);
                if (_tails.Has(op.Stream))
                {
                    var request = append.Request;
                    _tails.Push(op.Stream, new Entry(append.Result.Position, append.Result.AtMs, request.Producer, request.Sequence, request.Batch));
                }

                break;
            case SnapshotOp { Index: { } index } snapshot:
                _journal.PutSnapshot(
                    index, snapshot.Snapshot.Position.Offset, snapshot.Snapshot.AtMs, new StoredSnapshot(_journal.Active.Id, _length + snapshot.At));
                if (FirstKept(snapshot) is var first && first > index.First) _journal.Trim(index, first);
                break;
            case DeleteOp { Index: { } index }:
                _tails.Delete(op.Stream, index.Epoch);
                _journal.ApplyTombstone(_journal.Active, TombstoneOf(index));
                break;
        }
    }

    private Tombstone TombstoneOf(StreamIndex index) => new(index.Name, index.Epoch, index.Born, _journal.Active.Id);

    private bool Carry(IReadOnlyList<Tombstone> tombstones)
    {
        try
        {
            _bytes.Clear();
            Truncate();
            foreach (var tombstone in tombstones) RecordCodec.Delete(_bytes, tombstone);
            Write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }

        _journal.Active.Tombstones.AddRange(tombstones);
        _length += _bytes.Length;
        return true;
    }
}
