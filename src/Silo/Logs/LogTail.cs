using System.Threading.Tasks.Sources;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>
/// One reader's place in one stream: what was pushed and is not yet read, and whether something is missing.
/// Idle it is one small object: there is one for every stream that is open. Pushed to by any thread, read by one.
/// </summary>
internal sealed class LogTail(Position after) : IValueTaskSource
{
    /// <summary>What may wait for a slow reader; the rest is read from the log when the reader gets there.</summary>
    public const int MaxPushed = 64;
    public const int MaxPushedBytes = 256 << 10;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private Queue<Entry>? _pushed;
    private int _pushedBytes;
    private IReadOnlyList<Entry>? _read;
    private int _readNext;
    private Position _position = after;
    private bool _hole = true;
    private bool _waiting;
    private bool _signalled;
    private bool _closed;

    public enum Step
    {
        /// <summary>An entry is there.</summary>
        Entry,

        /// <summary>Something may be missing: read the log after <see cref="LogTail.Position"/>.</summary>
        Read,

        /// <summary>All that is known was read.</summary>
        Wait,

        /// <summary>The stream is no more.</summary>
        Deleted,

        /// <summary>The log was closed.</summary>
        Closed,
    }

    /// <summary>The last entry handed out.</summary>
    public Position Position
    {
        get
        {
            lock (this) return _position;
        }
    }

    public bool IsDeleted { get; private set; }

    /// <summary>A hint that this entry was appended.</summary>
    public void Push(Entry entry)
    {
        lock (this)
        {
            if (_pushed is { Count: > 0 } && (_pushed.Count >= MaxPushed || _pushedBytes + entry.Batch.Length > MaxPushedBytes))
            {
                _hole = true;
                return;
            }

            (_pushed ??= new Queue<Entry>(4)).Enqueue(entry);
            _pushedBytes += entry.Batch.Length;
            Signal();
        }
    }

    /// <summary>Lets the reader compare the head of the log with its position.</summary>
    public void Recheck()
    {
        lock (this)
        {
            _hole = true;
            Signal();
        }
    }

    /// <summary>Once a second: an idle tail gives its buffer back.</summary>
    /// <returns>Whether the reader waits, so that a head beyond <paramref name="position"/> means a lost push.</returns>
    public bool Rest(out Position position)
    {
        lock (this)
        {
            if (_pushed is { Count: 0 }) _pushed = null;
            position = _position;
            return _waiting;
        }
    }

    public void Delete()
    {
        lock (this)
        {
            IsDeleted = true;
            Signal();
        }
    }

    public void Close()
    {
        lock (this)
        {
            _closed = true;
            Signal();
        }
    }

    public void Wake()
    {
        lock (this) Signal();
    }

    public Step Next(out Entry? entry)
    {
        lock (this)
        {
            if (_closed)
            {
                entry = null;
                return Step.Closed;
            }

            if (TakeRead(out entry)) return Step.Entry;
            while (_pushed is not null && _pushed.TryDequeue(out entry))
            {
                _pushedBytes -= entry.Batch.Length;
                var isSameEpoch = entry.Position.Epoch == _position.Epoch;
                if (isSameEpoch && entry.Position.Offset <= _position.Offset) continue;
                if ((isSameEpoch || _position.IsStart) && entry.Position.Offset == _position.Offset + 1)
                {
                    _position = entry.Position;
                    return Step.Entry;
                }

                _hole = true;
                break;
            }

            entry = null;
            if (IsDeleted) return Step.Deleted;
            if (!_hole) return Step.Wait;
            _hole = false;
            return Step.Read;
        }
    }

    /// <summary>Hands over what a read found; not <see cref="ReadStatus.Ok"/> changes nothing.</summary>
    public void Take(ReadResult result)
    {
        if (result.Status != ReadStatus.Ok || result.Entries.Count == 0) return;
        lock (this)
        {
            _read = result.Entries;
            _readNext = 0;
            if (result.Entries[^1].Position.Offset < result.Head.Offset) _hole = true;
        }
    }

    /// <summary>Until something was pushed or said. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (this)
        {
            if (_signalled)
            {
                _signalled = false;
                return default;
            }

            _core.Reset();
            _waiting = true;
            return new ValueTask(this, _core.Version);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private bool TakeRead(out Entry? entry)
    {
        entry = null;
        if (_read is null) return false;
        entry = _read[_readNext++];
        _position = entry.Position;
        if (_readNext == _read.Count) _read = null;
        return true;
    }

    private void Signal()
    {
        if (!_waiting)
        {
            _signalled = true;
            return;
        }

        _waiting = false;
        _core.SetResult(true);
    }
}
