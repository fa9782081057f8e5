using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Frontend.Api;
using Interactions.Frontend.Feeds;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class DirectoryPagesTests
{
    private readonly ListedStreams[] _partitions;
    private readonly DirectoryPages _directory;
    private readonly string[] _ids = [.. Enumerable.Range(0, 3000).Select(i => $"s{i:d4}")];

    public DirectoryPagesTests()
    {
        var rows = _ids.Select((id, i) => new DirectoryRow(id, "ada", "", i % 3 == 0 ? StreamStatus.Live : StreamStatus.Created, (ulong)i, 0, IsDeleting: i % 100 == 7)).ToArray();
        _partitions = [.. Enumerable.Range(0, DirectoryPartitions.Count).Select(partition => new ListedStreams(rows.Where(row => DirectoryPartitions.Of(row.Id) == partition)))];
        _directory = new DirectoryPages(new ScriptedGrains { OnDirectory = partition => _partitions[partition] }, new PatientReads(TimeSpan.Zero, TimeProvider.System));
        _ids = [.. rows.Where(row => !row.IsDeleting).Select(row => row.Id)];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task All_streams_are_paged_in_the_order_of_their_ids_and_none_twice(int limit)
    {
        List<string> read = [];
        for (var page = await PageAsync(""); page.Count > 0; page = await PageAsync(read[^1]))
        {
            Assert.InRange(page.Count, 1, limit);
            read.AddRange(page);
            if (limit == 1 && read.Count == 50) break;
        }

        Assert.Equal(limit == 1 ? _ids[..50] : _ids, read);

        async Task<List<string>> PageAsync(string after) => [.. (await _directory.PageAsync(null, "", after, limit)).Select(row => row.Id)];
    }

    [Fact]
    public async Task A_page_reads_about_twice_what_it_shows_and_asks_most_partitions_once()
    {
        await _directory.PageAsync(null, "", "", 1000);
        Assert.InRange(_partitions.Sum(partition => partition.RowsRead), 1000, 2500);
        Assert.InRange(_partitions.Sum(partition => partition.Calls), DirectoryPartitions.Count, DirectoryPartitions.Count + 16);
    }

    [Fact]
    public async Task Only_streams_of_the_status_and_the_prefix_are_in_a_page()
    {
        var rows = await _directory.PageAsync(StreamStatus.Live, "s01", "", 1000);
        Assert.Equal(_ids.Where(id => id.StartsWith("s01", StringComparison.Ordinal) && int.Parse(id[1..]) % 3 == 0), rows.Select(row => row.Id));
    }

    [Fact]
    public async Task A_stream_that_is_being_deleted_is_not_found()
    {
        Assert.Null(await _directory.FindAsync("s0007"));
        Assert.NotNull(await _directory.FindAsync("s0008"));
    }
}
