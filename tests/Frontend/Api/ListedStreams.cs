using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;

namespace Interactions.Tests.Frontend.Api;

/// <summary>One partition of a directory that lists these rows; counts what is read of it.</summary>
internal sealed class ListedStreams(IEnumerable<DirectoryRow> rows) : IDirectoryGrain
{
    public Task SettledAsync() => Task.CompletedTask;

    private readonly DirectoryRow[] _rows = [.. rows.OrderBy(row => row.Id, StringComparer.Ordinal)];

    public int Calls { get; private set; }

    public int RowsRead { get; private set; }

    public Task<DirectoryRow?> FindAsync(string id) => Task.FromResult(_rows.FirstOrDefault(row => row.Id == id));

    public async Task<IReadOnlyList<DirectoryRow>> PageAsync(StreamStatus? status, string prefix, string after, int limit)
    {
        Calls++;
        await Task.Yield();
        DirectoryRow[] page =
        [
            .. _rows.Where(row => row.Status == (status ?? row.Status) && row.Id.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(row.Id, after) > 0).Take(limit),
        ];
        RowsRead += page.Length;
        return page;
    }

    public Task<bool> BeginAsync(DirectoryIntent intent) => throw new NotSupportedException();

    public Task FinishAsync(string id, ulong creation, string? intent, string title, StreamStatus status) => throw new NotSupportedException();

    public Task FinishDeletionAsync(string id, ulong creation) => throw new NotSupportedException();

    public Task CancelAsync(string id, ulong creation, string intent) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> OwnedByAsync(string user) => throw new NotSupportedException();
}
