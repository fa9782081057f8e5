using System.Collections.Concurrent;
using System.Security.Cryptography;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// Creates, configures, starts, ends and deletes streams. Each is two steps in two logs, the stream's and the directory's,
/// so the directory is told of it first: what a crash cuts off in the middle is finished by any node, 10 s later or when the
/// only node starts again. What was begun goes on, whoever stops waiting for it. Safe for concurrent callers; a stream is changed by one
/// at a time.
/// </summary>
/// <remarks>Every call throws <see cref="LogUnavailableException"/> when the outcome is unknown: what was begun is finished in time.</remarks>
public sealed class StreamChanges
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DeletionWaits = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly Node _node;
    private readonly IStreamLog _log;
    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private readonly Turns _turns;
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);
    private readonly Lock _creatingLock = new();
    private readonly List<(string Owner, string Id)> _creating = [];

    internal StreamChanges(Node node, IStreamLog log, NodeOptions options, TimeProvider time)
    {
        (_node, _log, _options, _time) = (node, log, options, time);
        _turns = new Turns(options.AnswerWithin, time);
    }

    private StreamDirectory Directory => _node.Directory;

    /// <summary>Creates a stream: the first one to do so owns it.</summary>
    /// <returns><see cref="ChangeOutcome.Done"/>, <see cref="ChangeOutcome.Exists"/> or <see cref="ChangeOutcome.TooMany"/>.</returns>
    public Task<Change> CreateAsync(string id, string owner, SettingsPatch settings) => RunAsync(id, async () =>
    {
        if (Directory.Find(id) is not null) return new(ChangeOutcome.Exists);
        if (!TryReserve(owner, id)) return new(ChangeOutcome.TooMany);
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        var row = new DirectoryRow(id, owner, settings.Title ?? "", StreamStatus.Created, seed, _time.GetUtcNow().ToUnixTimeMilliseconds(), _log.Place(id));
        using var change = new UnderWay(this);
        try
        {
            if (!await Directory.BeginCreationAsync(row, change.Name, settings))
            {
                return Directory.Find(id) is not null ? new(ChangeOutcome.Exists) : throw new LogUnavailableException("The stream that had this id is still being deleted.");
            }
        }
        finally
        {
            lock (_creatingLock) _creating.Remove((owner, id));
        }

        var stream = await OpenNewAsync(row);
        await stream.SubmitAsync(new Configured(row.Owner, row.Seed, settings));
        await FinishAsync(row, change.Name, stream);
        return new(ChangeOutcome.Done, stream);
    });

    /// <summary>Changes a stream's settings.</summary>
    /// <returns><see cref="ChangeOutcome.Done"/>, <see cref="ChangeOutcome.NotThere"/> or <see cref="ChangeOutcome.TooManyKinds"/>.</returns>
    public Task<Change> ConfigureAsync(DirectoryRow row, SettingsPatch patch) => RunAsync(row.Id, async () =>
    {
        if (await OpenWholeAsync(row) is not { } stream) return new(ChangeOutcome.NotThere);
        var (settings, code) = stream.Read(state => (state.Settings, state.Check(patch)));
        if (code == Code.TooManyKinds) return new(ChangeOutcome.TooManyKinds);
        return settings.With(patch).IsSameAs(settings) ? new(ChangeOutcome.Done, stream) : await ApplyAsync(row, stream, () => [new Configured(row.Owner, row.Seed, patch)]);
    });

    /// <summary>Starts or ends a stream.</summary>
    /// <returns><see cref="ChangeOutcome.Done"/>, <see cref="ChangeOutcome.NotThere"/> or <see cref="ChangeOutcome.Ended"/>.</returns>
    public Task<Change> SetStatusAsync(DirectoryRow row, StreamStatus status) => RunAsync(row.Id, async () =>
    {
        if (await OpenWholeAsync(row) is not { } stream) return new(ChangeOutcome.NotThere);
        var before = stream.Read(state => state.Status);
        if (before > status) return new(ChangeOutcome.Ended);
        return before == status ? new(ChangeOutcome.Done, stream) : await ApplyAsync(row, stream, () => [new StatusSet(status)]);
    });

    /// <summary>Erases a stream: its log, its snapshots, its row.</summary>
    /// <returns><see cref="ChangeOutcome.Done"/> or <see cref="ChangeOutcome.NotThere"/>.</returns>
    public Task<Change> DeleteAsync(DirectoryRow row) => RunAsync(row.Id, async () =>
    {
        if (!IsListed(row)) return new(ChangeOutcome.NotThere);
        using var change = new UnderWay(this);
        if (!await Directory.BeginDeletionAsync(row, change.Name)) return new(ChangeOutcome.NotThere);
        await EraseAsync(row);
        return new(ChangeOutcome.Done);
    });

    /// <summary>False: its log is empty, or what is in it is left from an earlier stream of that id while this one is being created.</summary>
    internal bool IsWhole(DirectoryRow row, OpenStream stream) =>
        stream.Listing is not null && (CreationOf(row) is null || !stream.Read(state => state.IsOfAnother(row.Seed)));

    /// <summary>Creates in its log a stream that is listed and is not whole.</summary>
    /// <returns>Null if it is not there any more.</returns>
    internal async Task<OpenStream?> HealAsync(DirectoryRow row)
    {
        var healed = await RunAsync(row.Id, async () => new(ChangeOutcome.Done, await OpenWholeAsync(row)));
        return healed.Stream;
    }

    /// <summary>Makes the row show what the stream shows; without effect if the stream was deleted.</summary>
    internal Task MirrorAsync(OpenStream stream) => RunAsync(stream.Id, async () =>
    {
        if (Directory.Find(stream.Id) is { } row && !stream.IsClosed) await FinishAsync(row, null, stream);
        return default;
    });

    /// <summary>Finishes a change that was begun and left, by a node that is gone or by this one.</summary>
    /// <returns>False when that is not needed: it is under way here, or finished.</returns>
    internal async Task<bool> SettleAsync(OpenChange change)
    {
        if (_underWay.ContainsKey(change.Name)) return false;
        using var turn = await _turns.EnterAsync(change.Id);
        if (!Directory.ChangesOf(change.Id, change.Seed).Contains(change)) return false;
        if (change.Deleted is { } deleted)
        {
            await EraseAsync(deleted);
        }
        else if (Directory.Find(change.Id) is { } row && row.Seed == change.Seed && await OpenWholeAsync(row) is { } stream)
        {
            await FinishAsync(row, change.Name, stream);
        }

        return true;
    }

    // Whoever asked may leave: the work is not theirs any more. No exception of it stays unseen.
    private async Task<Change> RunAsync(string id, Func<Task<Change>> work)
    {
        async Task<Change> InTurnAsync()
        {
            using var turn = await _turns.EnterAsync(id);
            return await work();
        }

        var running = InTurnAsync();
        _ = running.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
        try
        {
            return await running.WaitAsync(LongestAnswer, _time);
        }
        catch (TimeoutException late)
        {
            throw new LogUnavailableException("The log did not answer in time.", late);
        }
    }

    private async Task<Change> ApplyAsync(DirectoryRow row, OpenStream stream, Func<BatchItem[]> items)
    {
        var outcome = ChangeOutcome.Done;
        using var change = new UnderWay(this);
        if (!await Directory.BeginAsync(row, change.Name)) return new(ChangeOutcome.NotThere);
        try
        {
            foreach (var item in items())
            {
                // Another node may have brought in other kinds meanwhile.
                if ((await stream.SubmitAsync(item)).Code == Code.TooManyKinds) outcome = ChangeOutcome.TooManyKinds;
            }
        }
        catch (LogFullException)
        {
            await FinishAsync(row, change.Name, stream); // nothing was taken, so nothing is left to finish
            throw;
        }

        await FinishAsync(row, change.Name, stream);
        return new(outcome, stream);
    }

    // In the stream's turn. A crash between the directory's row and the stream's first entry leaves an empty log, and so does a store
    // that lost it.
    private async Task<OpenStream?> OpenWholeAsync(DirectoryRow row)
    {
        if (!IsListed(row)) return null;
        var creation = CreationOf(row);
        var stream = creation is null ? await _node.OpenAsync(row, CancellationToken.None) : await OpenNewAsync(row);
        if (stream.Listing is not null) return stream;
        BatchItem[] Whole() => stream.Listing is not null ? [] // another node was first
            : [new Configured(row.Owner, row.Seed, creation ?? new SettingsPatch(Title: row.Title)), new StatusSet(row.Status)];
        return (await ApplyAsync(row, stream, Whole)).Stream;
    }

    // In the stream's turn. A directory that lost a row leaves the log of that stream behind, and its id looks free: what is in it is not
    // this stream's, and is erased before this one begins.
    private async Task<OpenStream> OpenNewAsync(DirectoryRow row)
    {
        while (true)
        {
            var stream = await _node.OpenAsync(row, CancellationToken.None);
            var (isOfAnother, position) = stream.Read(state => (state.IsOfAnother(row.Seed), state.Position));
            if (!isOfAnother) return stream;
            await _node.CloseAsync(row.Id);

            // Where another node was first, its new epoch has no such position.
            if ((await _log.ReadAsync(row.Id, position, 0)).Status == ReadStatus.Ok) await _log.DeleteAsync(row.Id, CancellationToken.None);
        }
    }

    // The settings of a creation that is not finished.
    private SettingsPatch? CreationOf(DirectoryRow row) =>
        Directory.ChangesOf(row.Id, row.Seed).Select(change => change.Creation).FirstOrDefault(settings => settings is not null);

    // In the stream's turn. Others may have begun a change before they heard of the deletion, and what they append must not come after it.
    private async Task EraseAsync(DirectoryRow row)
    {
        await _node.CloseAsync(row.Id);
        var since = _time.GetTimestamp();
        while (_log.IsShared && _time.GetElapsedTime(since) < DeletionWaits && Directory.ChangesOf(row.Id, row.Seed).Any(change => change.Deleted is null))
        {
            await Task.Delay(LookAgain, _time);
        }

        // Another node finished it meanwhile: the id is free, and its log may be that of a new stream.
        if (!Directory.ChangesOf(row.Id, row.Seed).Any(change => change.Deleted is not null)) return;
        await _log.DeleteAsync(row.Id, CancellationToken.None);
        await Directory.FinishDeletionAsync(row);
    }

    private Task FinishAsync(DirectoryRow row, string? change, OpenStream stream) => Directory.FinishAsync(
        row, change, () => stream.Listing ?? throw new LogUnavailableException("The stream was closed."));

    private bool IsListed(DirectoryRow row) => Directory.Find(row.Id)?.Seed == row.Seed;

    private bool TryReserve(string owner, string id)
    {
        lock (_creatingLock)
        {
            if (Directory.OwnedBy(owner, _creating.Where(one => one.Owner == owner).Select(one => one.Id)) >= _options.StreamsPerUser) return false;
            _creating.Add((owner, id));
            return true;
        }
    }

    /// <summary>A change that this node is at: nobody else here finishes it.</summary>
    private sealed class UnderWay : IDisposable
    {
        private readonly StreamChanges _changes;

        public UnderWay(StreamChanges changes)
        {
            _changes = changes;
            changes._underWay[Name] = true;
        }

        public string Name { get; } = Epochs.New();

        public void Dispose() => _changes._underWay.TryRemove(Name, out _);
    }
}
