using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Frontend.Feeds;

namespace Interactions.Frontend.Api;

/// <summary>
/// The directory's partitions as one list in the order of ids. Ids are spread evenly, so each partition is asked for about its share of
/// a page, all at the same time, and again only if it has more than that. Safe for concurrent callers.
/// </summary>
internal sealed class DirectoryPages(IGrains grains, PatientReads reads)
{
    private const int LeastShare = 4;

    /// <summary>A stream's row, if it is listed.</summary>
    /// <exception cref="Contracts.Log.LogUnavailableException">The directory can't be read now.</exception>
    public async Task<DirectoryRow?> FindAsync(string id) =>
        await reads.AskAsync(() => grains.Directory(DirectoryPartitions.Of(id)).FindAsync(id), static _ => false) is { IsDeleting: false } row ? row : null;

    /// <summary>Up to <paramref name="limit"/> rows, of those whose ids begin with the prefix and come after that id.</summary>
    /// <exception cref="Contracts.Log.LogUnavailableException">The directory can't be read now.</exception>
    public async Task<List<DirectoryRow>> PageAsync(StreamStatus? status, string prefix, string after, int limit)
    {
        // Half as much again as its share, for chance.
        var share = Math.Min(limit, LeastShare + (limit * 3 / 2 / DirectoryPartitions.Count));
        var partitions = Enumerable.Range(0, DirectoryPartitions.Count).Select(partition => new Partition(partition)).ToArray();
        await Task.WhenAll(partitions.Select(partition => ReadAsync(partition, after)));

        var heads = new PriorityQueue<Partition, string>(StringComparer.Ordinal);
        foreach (var partition in partitions)
        {
            if (partition.Rows.TryPeek(out var first)) heads.Enqueue(partition, first.Id);
        }

        List<DirectoryRow> page = [];
        while (page.Count < limit && heads.TryDequeue(out var partition, out _))
        {
            var row = partition.Rows.Dequeue();
            if (!row.IsDeleting) page.Add(row);
            if (partition.Rows.Count == 0 && partition.HasMore && page.Count < limit) await ReadAsync(partition, row.Id);
            if (partition.Rows.TryPeek(out var next)) heads.Enqueue(partition, next.Id);
        }

        return page;

        async Task ReadAsync(Partition partition, string last)
        {
            var rows = await reads.AskAsync(() => grains.Directory(partition.Number).PageAsync(status, prefix, last, share), static _ => false);
            foreach (var row in rows) partition.Rows.Enqueue(row);
            partition.HasMore = rows.Count == share;
        }
    }

    private sealed class Partition(int number)
    {
        public int Number { get; } = number;

        public Queue<DirectoryRow> Rows { get; } = new();

        public bool HasMore { get; set; }
    }
}
