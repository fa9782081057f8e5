using Interactions.Contracts.Binary;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

public sealed class UserTableTests
{
    [Fact]
    public void SipHash_gives_the_value_of_its_authors_test_vector()
    {
        var hash = new SipHash(0x0706050403020100, 0x0f0e0d0c0b0a0908);
        Assert.Equal(0xa129ca6149be45e5, hash.Of([.. Enumerable.Range(0, 15).Select(i => (byte)i)]));
    }

    [Fact]
    public void A_user_costs_at_most_32_bytes_and_is_found_again()
    {
        var hash = SipHash.FromSeed(1);
        var table = new UserTable();
        for (var i = 1; i <= 50_000; i++)
        {
            table.Set(hash.Of($"user-{i}"), (ulong)i);
            if (i >= 64) Assert.True(table.SizeBytes <= 32L * i, $"{table.SizeBytes} bytes for {i} users");
        }

        Assert.Equal(50_000, table.Count);
        var writer = new ByteWriter();
        table.Write(writer);
        var read = UserTable.Read(new ByteReader(writer.ToArray()));
        Assert.True(read.SizeBytes <= 32L * 50_000);
        for (var i = 1; i <= 50_000; i++)
        {
            Assert.True(table.TryGet(hash.Of($"user-{i}"), out var value) && value == (ulong)i);
            Assert.True(read.TryGet(hash.Of($"user-{i}"), out value) && value == (ulong)i);
        }

        Assert.False(table.TryGet(hash.Of("stranger"), out _));
    }
}
