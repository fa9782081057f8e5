using Interactions.Contracts;
using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The database of a folder over all its openings: after a failed write it is closed and opened again before writes go on, and until
/// that works it is open to readers. Any thread reads; one writes.
/// </summary>
internal sealed class RocksStore : IDisposable
{
    private static readonly TimeSpan ReopenEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Tables up to this size are verified before the log opens: that takes a tenth of a second. Larger ones are while it runs.</summary>
    private const long VerifyAtOnceBytes = 64 << 20;

    private const int ScrubRows = 2000;
    private static readonly TimeSpan ScrubPause = TimeSpan.FromMilliseconds(10);

    private readonly DataFolder _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReaderWriterLockSlim _use = new();
    private readonly RowWriter _row = new(64);
    private readonly DurableMark _mark;
    private readonly string _name;
    private RocksDatabase? _database;
    private bool _isWritable = true;
    private long _triedAt;
    private Exception? _failure;
    private long _group;
    private bool _isMarkLate;
    private int _saidDamage;
    private bool _isFailing;
    private volatile bool _closed;
    private LogDamagedException? _damage;

    private RocksStore(DataFolder folder, TimeProvider time, ILogger logger)
    {
        (_folder, _time, _logger) = (folder, time, logger);
        var state = FolderCheck.Run(folder, VerifyAtOnceBytes);
        _name = state.Name;
        _database = RocksDatabase.Open(folder.Database, state.Settings);
        if (state.TornAt is not null) RocksLogMessages.TornEnd(logger, state.TornAt);
        _group = state.Group;
        _mark = DurableMark.Open(folder.Path, _name, _group, time);
        if (!state.IsVerified) _ = Task.Run(ScrubAsync);
    }

    /// <exception cref="LogRefusedException">The folder can't be used, or what is in it is not what was written.</exception>
    public static RocksStore Open(DataFolder folder, TimeProvider time, ILogger logger)
    {
        try
        {
            return new RocksStore(folder, time, logger);
        }
        catch (RocksException e)
        {
            throw FolderCheck.Refusal(folder, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogRefusedException($"The log can't use the folder {folder.Path}: {e.Message}", e);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new LogRefusedException($"The library of RocksDB can't be loaded: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <exception cref="LogDamagedException">What is read is not what was written.</exception>
    /// <exception cref="LogUnavailableException">It can't be read.</exception>
    public TResult Read<TState, TResult>(TState state, Func<RocksDatabase, TState, TResult> read)
    {
        _use.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(RocksLog));
            return read(_database ?? throw new LogUnavailableException("The log can't be read."), state);
        }
        catch (RocksException e) when (e.IsDamage)
        {
            throw Damaged(e.Message, e);
        }
        catch (RocksException e)
        {
            throw new LogUnavailableException("The log can't be read.", e);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
        {
            throw Damaged(e.Message, e);
        }
        finally
        {
            _use.ExitReadLock();
        }
    }

    /// <summary>Said to the operator once.</summary>
    public LogDamagedException Damaged(string what, Exception? inner = null)
    {
        var advice = $"The log is damaged: {FolderCheck.Advice(_folder, what)}";
        if (Interlocked.Exchange(ref _saidDamage, 1) == 0) RocksLogMessages.Damaged(_logger, advice);
        return new LogDamagedException(advice, inner);
    }

    /// <summary>Before each group.</summary>
    /// <returns>True if the database was opened again: what was known of streams is to be read again.</returns>
    /// <exception cref="LogFullException">It can't be written yet, for want of room.</exception>
    /// <exception cref="LogUnavailableException">It can't be written yet.</exception>
    /// <exception cref="LogDamagedException">It never will be.</exception>
    public bool MakeWritable()
    {
        if (_damage is not null) throw _damage;
        if (_isWritable) return false;
        if (_time.GetElapsedTime(_triedAt) < ReopenEvery) throw Again(_failure!);
        Reopen();
        if (!_isWritable) throw Again(_failure!);
        return true;
    }

    /// <summary>Writes a group whole, and durably.</summary>
    /// <param name="batch">It is given the group's number as well.</param>
    /// <param name="requests">How many wait for it.</param>
    /// <exception cref="LogFullException">There is no room; nothing was written.</exception>
    /// <exception cref="LogUnavailableException">Whether it was written is unknown.</exception>
    /// <exception cref="LogDamagedException">The database found damage in itself and takes nothing any more.</exception>
    public void Write(RocksBatch batch, int requests)
    {
        var next = _group + 1;
        batch.Put(RocksKeys.Group, RocksRows.Group(_row, RocksKeys.Group, new StoredGroup(next, _name)));
        try
        {
            _database!.Write(batch);
        }
        catch (RocksException e)
        {
            if (!_isFailing) RocksLogMessages.WriteFailed(_logger, requests, e.Message);
            _isFailing = true;
            if (e.IsDamage) throw _damage = Damaged(e.Message, e);
            _failure = Outcome(e, full: false);
            Reopen();

            // Only who looked can say that nothing of it will come back.
            var isGone = _database is not null && _group < next;
            if (!_isWritable && e.IsFull) _failure = Outcome(e, full: true);
            throw Outcome(e, full: isGone && e.IsFull);
        }

        _group = next;
        Mark();
        if (_isFailing) RocksLogMessages.WriteRecovered(_logger);
        _isFailing = false;
    }

    public void Dispose()
    {
        _use.EnterWriteLock();
        try
        {
            if (_closed) return;
            _closed = true;
            _database?.Dispose();
            _mark.Dispose();
        }
        finally
        {
            _use.ExitWriteLock();
        }
    }

    private static Exception Outcome(RocksException e, bool full) =>
        full ? new LogFullException("The disk of the log has no room.", e) : new LogUnavailableException("The log can't be written.", e);

    private static Exception Again(Exception failure) => failure is LogFullException
        ? new LogFullException(failure.Message, failure.InnerException)
        : new LogUnavailableException(failure.Message, failure.InnerException);

    private void Reopen()
    {
        _triedAt = _time.GetTimestamp();
        _use.EnterWriteLock();
        try
        {
            _database?.Dispose();
            _database = null;
            _isWritable = false;
            try
            {
                _database = RocksDatabase.Open(_folder.Database, RocksSettings.Open);
                _isWritable = true;
            }
            catch (RocksException e)
            {
                _failure = Outcome(e, e.IsFull);
                _database = RocksDatabase.OpenToRead(_folder.Database, RocksSettings.Open);
            }

            var group = FolderCheck.GroupOf(_folder, _database).Number;
            if (group < _group) _damage = Damaged($"Group {_group} was written and is not there.");
            _group = Math.Max(_group, group);
        }
        catch (Exception e) when (e is RocksException or InvalidDataException)
        {
            _isWritable = false;
            if (e is InvalidDataException or RocksException { IsDamage: true }) _damage = Damaged(e.Message, e);
        }
        finally
        {
            _use.ExitWriteLock();
        }
    }

    private void Mark()
    {
        try
        {
            _mark.Set(_group);
            _isMarkLate = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isMarkLate) RocksLogMessages.MarkLate(_logger, DurableMark.PathIn(_folder.Path), e.Message);
            _isMarkLate = true;
        }
    }

    /// <summary>Reads all rows, a piece at a time, so that damage is known before somebody needs what is damaged.</summary>
    private async Task ScrubAsync()
    {
        try
        {
            for (byte[]? from = [0]; from is not null && !_closed; await Task.Delay(ScrubPause))
            {
                from = Read(from, static (database, key) =>
                {
                    using var cursor = database.Read();
                    var rows = 0;
                    for (var found = cursor.Seek(key); found; found = cursor.Next())
                    {
                        if (++rows > ScrubRows) return cursor.Key.ToArray();
                    }

                    return null;
                });
            }
        }
        catch (Exception e) when (e is LogDamagedException or LogUnavailableException or ObjectDisposedException)
        {
            // Damage was said; anything else is told to who reads there.
        }
    }
}
