using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Grains;

/// <summary>
/// Creates, configures, starts, ends and deletes one stream, one change at a time. What changes the stream's row is two steps in two
/// logs, so the directory is told of it first: what a crash cuts off in the middle is settled 10 s later. A change goes on, whoever
/// stops waiting for it.
/// </summary>
/// <param name="find">The activation's stream; it is another one after a deletion.</param>
/// <param name="place">Which of the log's servers a new stream is put on; null = there is only one.</param>
/// <param name="move">Makes that the stream's log, which is empty.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is not asked for holds nothing.")]
internal sealed class StreamChanges(string id, Func<LiveStream> find, Func<string, string?> place, Action<string?> move, Func<Task<bool>> erase, IStreamNeighbours neighbours, TimeProvider time)
{
    private readonly SemaphoreSlim _turn = new(1);

    private LiveStream Stream => find();

    private IDirectoryGrain Directory => neighbours.DirectoryOf(id);

    public Task<ChangeAnswer> ConfigureAsync(ConfigureRequest request) => InTurnAsync(() =>
        request.Creation == 0 ? CreateAsync(request) : ConfigureAsync(request.Creation, request.Patch));

    public Task<ChangeAnswer> SetStatusAsync(ulong creation, StreamStatus status) => InTurnAsync(async () =>
    {
        if (!IsThere(creation)) return new(Code.NotFound);
        if (Stream.Status > status) return new(Code.Conflict);
        return Stream.Status == status ? Done() : await ChangeAsync(new StatusSet(status));
    });

    public Task<ChangeAnswer> DeleteAsync(ulong creation) => InTurnAsync(async () =>
    {
        if (!IsThere(creation)) return new(Code.NotFound);
        var intent = Intent(DirectoryIntentKind.Delete, creation);
        if (!await BeginAsync(intent)) return new(Code.NotFound);
        await EraseAsync(Stream.Info.Owner, creation);
        return new(Code.Accepted);
    });

    /// <summary>Finishes a change that was begun and left.</summary>
    public async Task SettleAsync(DirectoryIntent intent)
    {
        var row = intent.Row;
        await InTurnAsync(async () =>
        {
            if (intent.Kind == DirectoryIntentKind.Delete)
            {
                if (Stream.Exists && Stream.Creation != row.Creation) await Directory.FinishDeletionAsync(id, row.Creation); // its id was taken again
                else await EraseAsync(row.Owner, row.Creation);
                return new(Code.Accepted);
            }

            if (!Stream.Exists)
            {
                move(row.Store);
                await HealAsync(row, intent.Settings);
            }

            if (IsThere(row.Creation)) await FinishAsync(intent);
            return new(Code.Accepted);
        });
    }

    private async Task<ChangeAnswer> CreateAsync(ConfigureRequest request)
    {
        if (Stream.Exists) return new(Code.Conflict);
        if (!await neighbours.User(request.User).TryReserveAsync(id)) return new(Code.TooManyStreams);
        var row = new DirectoryRow(
            id, request.User, request.Patch.Title ?? "", StreamStatus.Created, NewCreation(), time.GetUtcNow().ToUnixTimeMilliseconds(), place(id));
        var intent = new DirectoryIntent(Epochs.New(), DirectoryIntentKind.Create, row, request.Patch);
        if (!await Directory.BeginAsync(intent))
        {
            await neighbours.User(request.User).ReleaseAsync(id);
            return await AdoptAsync();
        }

        move(row.Store);
        ItemResult result;
        try
        {
            result = await Stream.AddAsync(new Configured(row.Owner, row.Creation, request.Patch));
        }
        catch (LogFullException)
        {
            await CancelAsync(row, intent);
            throw;
        }

        if (result.Code != Code.Accepted)
        {
            await CancelAsync(row, intent);
            return new(result.Code);
        }

        await FinishAsync(intent);
        return Done();
    }

    private async Task<ChangeAnswer> ConfigureAsync(ulong creation, SettingsPatch patch)
    {
        if (!IsThere(creation)) return new(Code.NotFound);
        if (Stream.Check(patch) is var code and not Code.Accepted) return new(code);
        if (Stream.Settings.With(patch).IsSameAs(Stream.Settings)) return Done();
        var configured = new Configured(Stream.Info.Owner, creation, patch);
        if (patch.Title is not null && patch.Title != Stream.Settings.Title) return await ChangeAsync(configured);
        return Done(await Stream.AddAsync(configured)); // its row stays as it is
    }

    // A store that lost its newest entries may have lost the stream's row, or brought back a stream that was deleted.
    private async Task<bool> BeginAsync(DirectoryIntent intent)
    {
        if (await Directory.BeginAsync(intent)) return true;
        if (await Directory.FindAsync(id) is not null) return false; // it is being deleted, or its id was taken again
        var row = intent.Row with { CreatedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds() };
        var listing = new DirectoryIntent(Epochs.New(), DirectoryIntentKind.Create, row);
        if (await Directory.BeginAsync(listing))
        {
            await FinishAsync(listing);
            return await Directory.BeginAsync(intent);
        }

        await erase(); // it was deleted
        return false;
    }

    // The directory shows the stream, or still erases the one that had its id.
    private async Task<ChangeAnswer> AdoptAsync()
    {
        if (await Directory.FindAsync(id) is not { IsDeleting: false } row) return new(Code.Unavailable);

        // A crash between the row and the first entry leaves an empty log, and so does a store that lost it.
        move(row.Store);
        await HealAsync(row, null);
        return new(Code.Conflict);
    }

    private async Task HealAsync(DirectoryRow row, SettingsPatch? settings)
    {
        await Stream.AddAsync(new Configured(row.Owner, row.Creation, settings ?? new SettingsPatch(Title: row.Title)));
        if (row.Status != StreamStatus.Created) await Stream.AddAsync(new StatusSet(row.Status));
    }

    private async Task<ChangeAnswer> ChangeAsync(BatchItem item)
    {
        var intent = Intent(DirectoryIntentKind.Change, Stream.Creation);
        if (!await BeginAsync(intent)) return new(Code.NotFound);
        ItemResult result;
        try
        {
            result = await Stream.AddAsync(item);
        }
        catch (LogFullException)
        {
            await FinishAsync(intent); // nothing was taken, so nothing is left to settle
            throw;
        }

        await FinishAsync(intent);
        return Done(result);
    }

    private async Task EraseAsync(string owner, ulong creation)
    {
        if (!await erase()) throw new LogUnavailableException($"{id} is written by another activation.");
        await Directory.FinishDeletionAsync(id, creation);
        await neighbours.User(owner).ReleaseAsync(id);
    }

    private async Task CancelAsync(DirectoryRow row, DirectoryIntent intent)
    {
        await Directory.CancelAsync(id, row.Creation, intent.Name);
        await neighbours.User(row.Owner).ReleaseAsync(id);
    }

    private Task FinishAsync(DirectoryIntent intent) =>
        Directory.FinishAsync(id, intent.Row.Creation, intent.Name, Stream.Settings.Title, Stream.Status);

    private DirectoryIntent Intent(DirectoryIntentKind kind, ulong creation) => new(
        Epochs.New(), kind, new DirectoryRow(id, Stream.Info.Owner, Stream.Settings.Title, Stream.Status, creation, 0));

    private bool IsThere(ulong creation) => Stream.Exists && Stream.Creation == creation;

    private ChangeAnswer Done() => new(Code.Accepted, Stream.Info);

    private ChangeAnswer Done(ItemResult result) => result.IsAccepted ? Done() : new(result.Code);

    private async Task<ChangeAnswer> InTurnAsync(Func<Task<ChangeAnswer>> change)
    {
        await _turn.WaitAsync();
        try
        {
            return await change();
        }
        finally
        {
            _turn.Release();
        }
    }

    // 0 means none.
    private static ulong NewCreation()
    {
        while (true)
        {
            if (BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) is var creation and not 0) return creation;
        }
    }
}
