using Interactions.Contracts;
using Interactions.Contracts.Binary;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

public sealed class KeyMemoryTests
{
    private const long Start = 1_000_000;

    [Fact]
    public void A_key_is_remembered_and_saved_however_many_there_are()
    {
        var memory = new KeyMemory();
        for (var i = 1; i <= 60; i++)
        {
            Add(memory, User(i), i, Start);
            for (var known = 1; known <= i; known++)
            {
                Assert.True(memory.TryGet(User(known), (UInt128)known, Start, out var position, out var index));
                Assert.Equal((new Position("e", known), known), (position, index));
                Assert.False(memory.TryGet(User(known) + 1, (UInt128)known, Start, out _, out _));
            }

            Assert.Equal(Bytes(memory), Bytes(KeyMemory.Read(new ByteReader(Bytes(memory)))));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void After_ten_minutes_a_key_is_forgotten_and_others_take_its_place(int count)
    {
        var memory = new KeyMemory();
        for (var i = 1; i <= count; i++) Add(memory, User(i), i, Start + i);
        memory.Expire(Start + KeyMemory.KeepMs + 1);
        Assert.False(memory.TryGet(User(1), 1, Start, out _, out _));
        Assert.True(memory.TryGet(User(2), 2, Start, out _, out _));
        memory.Expire(Start + KeyMemory.KeepMs + count);
        Assert.Equal(Bytes(new KeyMemory()), Bytes(memory));
        for (var i = 1; i <= count; i++)
        {
            Assert.False(memory.TryGet(User(i), (UInt128)i, Start, out _, out _));
            Add(memory, User(i), i, Start + KeyMemory.KeepMs + count);
            Assert.True(memory.TryGet(User(i), (UInt128)i, Start, out _, out _));
        }
    }

    [Fact]
    public void Of_each_user_the_newest_256_are_remembered()
    {
        var memory = new KeyMemory();
        Add(memory, 5, 1000, Start);
        for (var i = 1; i <= 300; i++) Add(memory, 9, i, Start);
        for (var i = 1; i <= 300; i++) Assert.Equal(i > 300 - KeyMemory.KeepPerUser, memory.TryGet(9, (UInt128)i, Start, out _, out _));
        Assert.True(memory.TryGet(5, 1000, Start, out _, out _));
        Assert.Equal(Bytes(memory), Bytes(KeyMemory.Read(new ByteReader(Bytes(memory)))));
    }

    [Fact]
    public void A_user_who_sends_a_lot_costs_no_more_than_what_is_remembered()
    {
        var memory = new KeyMemory();
        Add(memory, 5, 1_000_000, Start);
        for (var i = 1; i <= 100_000; i++) Add(memory, 9, i, Start + i);
        Assert.InRange(memory.Room, KeyMemory.KeepPerUser, 4 * KeyMemory.KeepPerUser);
        for (var i = 100_000 - KeyMemory.KeepPerUser; i <= 100_000; i++)
        {
            Assert.Equal(i > 100_000 - KeyMemory.KeepPerUser, memory.TryGet(9, (UInt128)i, Start, out var position, out _));
            if (i > 100_000 - KeyMemory.KeepPerUser) Assert.Equal(i, position.Offset);
        }

        Assert.True(memory.TryGet(5, 1_000_000, Start, out _, out _));
        Assert.Equal(Bytes(memory), Bytes(KeyMemory.Read(new ByteReader(Bytes(memory)))));
        memory.Expire(Start + KeyMemory.KeepMs + 100_000);
        Assert.Equal(Bytes(new KeyMemory()), Bytes(memory));
    }

    private static ulong User(int key) => (ulong)(1 + (key % 3)) * 10;

    private static void Add(KeyMemory memory, ulong user, int key, long atMs) => memory.Add(user, (UInt128)key, atMs, new Position("e", key), key);

    private static byte[] Bytes(KeyMemory memory)
    {
        var writer = new ByteWriter(64);
        memory.Write(writer);
        return writer.ToArray();
    }
}
