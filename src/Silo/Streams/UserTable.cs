using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>
/// User hash → 64 bits, open addressing with linear probing. Nothing is ever removed (a value says "off" instead),
/// so there are no tombstones. Growing by half at 80 % keeps a user at 20 to 30 bytes.
/// </summary>
internal sealed class UserTable
{
    private const int FirstCapacity = 4;

    private ulong[] _keys = [];
    private ulong[] _values = [];

    public int Count { get; private set; }

    /// <summary>Bytes held, for the test of the promise above.</summary>
    public long SizeBytes => 16L * _keys.Length;

    public bool TryGet(ulong user, out ulong value)
    {
        value = 0;
        if (Count == 0) return false;
        var slot = Find(_keys, user);
        if (_keys[slot] == 0) return false;
        value = _values[slot];
        return true;
    }

    public void Set(ulong user, ulong value)
    {
        if ((Count + 1) * 5L > _keys.Length * 4L) Grow();
        var slot = Find(_keys, user);
        if (_keys[slot] == 0) Count++;
        _keys[slot] = user;
        _values[slot] = value;
    }

    /// <summary>In the order of the hashes: independent of how the table came about.</summary>
    public KeyValuePair<ulong, ulong>[] Sorted()
    {
        var all = new KeyValuePair<ulong, ulong>[Count];
        var next = 0;
        for (var i = 0; i < _keys.Length; i++)
        {
            if (_keys[i] != 0) all[next++] = new(_keys[i], _values[i]);
        }

        Array.Sort(all, static (a, b) => a.Key.CompareTo(b.Key));
        return all;
    }

    public void Write(ByteWriter writer)
    {
        writer.Count(Count);
        foreach (var (user, value) in Sorted())
        {
            writer.Fixed64(user);
            writer.Varint(value);
        }
    }

    /// <summary>No table is written as one without users.</summary>
    public static void Write(ByteWriter writer, UserTable? table)
    {
        if (table is null) writer.Count(0);
        else table.Write(writer);
    }

    public static UserTable? ReadOrNull(ByteReader reader) => Read(reader) is { Count: > 0 } table ? table : null;

    public static UserTable Read(ByteReader reader)
    {
        var count = reader.Count();
        var table = new UserTable();
        var capacity = Math.Max(FirstCapacity, (int)Math.Min(int.MaxValue, (count * 5L / 4) + 2));
        if (count > 0) (table._keys, table._values) = (new ulong[capacity], new ulong[capacity]);
        for (var i = 0; i < count; i++)
        {
            var user = reader.Fixed64();
            if (user == 0) throw new InvalidDataException("A user's hash is 0.");
            table.Set(user, reader.Varint());
        }

        return table;
    }

    // The high half of hash × capacity spreads evenly over any capacity, not only powers of two (Lemire, 2016).
    private static int Find(ulong[] keys, ulong user)
    {
        var slot = (int)Math.BigMul(user, (ulong)keys.Length, out _);
        while (keys[slot] != 0 && keys[slot] != user)
        {
            if (++slot == keys.Length) slot = 0;
        }

        return slot;
    }

    private void Grow()
    {
        var (keys, values) = (_keys, _values);
        var capacity = Math.Max(FirstCapacity, keys.Length + (keys.Length / 2));
        (_keys, _values) = (new ulong[capacity], new ulong[capacity]);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0) continue;
            var slot = Find(_keys, keys[i]);
            _keys[slot] = keys[i];
            _values[slot] = values[i];
        }
    }
}
