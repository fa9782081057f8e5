using Interactions.Contracts;
using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>
/// Where interactions with a key were accepted: for 10 minutes of log time, the newest 256 of each user.
/// Slots stand in the order of acceptance; a user's slots are linked, so that the oldest is found at once.
/// </summary>
internal sealed class KeyMemory
{
    public const long KeepMs = 10 * 60 * 1000;
    public const int KeepPerUser = 256;

    /// <summary>Up to so many a search through all is quick enough; most streams never have more.</summary>
    private const int Unindexed = 16;

    // Both come with the first key that is one too many to search through.
    private Dictionary<(ulong User, UInt128 Key), long>? _numbers;
    private Dictionary<ulong, UserKeys>? _users;
    private Slot[] _ring = [];
    private long _first;
    private long _next;

    /// <summary>How many there is room for, forgotten ones included.</summary>
    public int Room => _ring.Length;

    public bool TryGet(ulong user, UInt128 key, long nowMs, out Position position, out int index)
    {
        if (Find(user, key) is { } number)
        {
            ref var slot = ref At(number);
            (position, index) = (slot.Position, slot.Index);
            return slot.AtMs + KeepMs > nowMs;
        }

        (position, index) = (Position.Start, 0);
        return false;
    }

    /// <summary>The key must not be known.</summary>
    public void Add(ulong user, UInt128 key, long atMs, Position position, int index)
    {
        if (_next - _first == _ring.Length) Grow();
        var number = _next++;
        At(number) = new Slot { User = user, Key = key, AtMs = atMs, Position = position, Index = index, NextOfUser = -1 };
        if (_numbers is not null)
        {
            Enter(number);
        }
        else if (_next - _first > Unindexed)
        {
            (_numbers, _users) = ([], []);
            for (number = _first; number < _next; number++) Enter(number);
        }
    }

    public void Expire(long nowMs)
    {
        for (; _first < _next; _first++)
        {
            ref var slot = ref At(_first);
            if (!slot.Forgotten)
            {
                if (slot.AtMs + KeepMs > nowMs) return;

                // Both orders are the order of acceptance, so the first of all is its user's first.
                if (_numbers is not null) ForgetOldest(slot.User);
            }

            slot = default;
        }

        // Nothing is left: a stream that was busy once gives its tables back.
        if (_numbers is not null) (_numbers, _users, _ring) = (null, null, []);
    }

    public void Write(ByteWriter writer)
    {
        writer.Count(_numbers?.Count ?? (int)(_next - _first));
        for (var number = _first; number < _next; number++)
        {
            ref var slot = ref At(number);
            if (slot.Forgotten) continue;
            writer.Fixed64(slot.User);
            writer.Fixed128(slot.Key);
            writer.Signed(slot.AtMs);
            writer.Position(slot.Position);
            writer.Count(slot.Index);
        }
    }

    public static KeyMemory Read(ByteReader reader)
    {
        var memory = new KeyMemory();
        var epoch = "";
        for (var left = reader.Count(); left > 0; left--)
        {
            var (user, key, atMs, position, index) = (reader.Fixed64(), reader.Fixed128(), reader.Signed(), reader.Position(), reader.Index());

            // One string for all of an epoch, not one a slot.
            epoch = position.Epoch == epoch ? epoch : position.Epoch;
            if (memory.Find(user, key) is not null) throw new InvalidDataException("A key stands twice.");
            memory.Add(user, key, atMs, position with { Epoch = epoch }, index);
        }

        return memory;
    }

    private long? Find(ulong user, UInt128 key)
    {
        if (_numbers is not null) return _numbers.TryGetValue((user, key), out var known) ? known : null;
        for (var number = _first; number < _next; number++)
        {
            ref var slot = ref At(number);
            if (slot.User == user && slot.Key == key) return number;
        }

        return null;
    }

    private void Enter(long number)
    {
        var user = At(number).User;
        _numbers!.Add((user, At(number).Key), number);
        if (!_users!.TryGetValue(user, out var keys)) keys = new UserKeys(number, number, 0);
        else At(keys.Newest).NextOfUser = number;
        _users[user] = keys with { Newest = number, Count = keys.Count + 1 };
        if (keys.Count == KeepPerUser) ForgetOldest(user);
    }

    private ref Slot At(long number) => ref _ring[number & (_ring.Length - 1)];

    private void ForgetOldest(ulong user)
    {
        var keys = _users![user];
        ref var oldest = ref At(keys.Oldest);
        oldest.Forgotten = true;
        _numbers!.Remove((oldest.User, oldest.Key));
        if (keys.Count == 1) _users.Remove(user);
        else _users[user] = keys with { Oldest = oldest.NextOfUser, Count = keys.Count - 1 };
    }

    private void Grow()
    {
        if (_numbers is not null && _numbers.Count <= (_next - _first) / 2)
        {
            DropForgotten();
            return;
        }

        var larger = new Slot[Math.Max(4, _ring.Length * 2)];
        for (var number = _first; number < _next; number++) larger[number & (larger.Length - 1)] = At(number);
        _ring = larger;
    }

    // A user who sends a lot fills slots that are forgotten at once and would stand here for ten minutes.
    private void DropForgotten()
    {
        var (ring, first, next) = (_ring, _first, _next);
        (_ring, _first, _next, _numbers, _users) = (new Slot[ring.Length], 0, 0, [], []);
        for (var number = first; number < next; number++)
        {
            ref var slot = ref ring[number & (ring.Length - 1)];
            if (slot.Forgotten) continue;
            At(_next) = slot with { NextOfUser = -1 };
            Enter(_next++);
        }
    }

    private readonly record struct UserKeys(long Oldest, long Newest, int Count);

    private struct Slot
    {
        public ulong User;
        public UInt128 Key;
        public long AtMs;
        public Position Position;
        public int Index;
        public long NextOfUser;
        public bool Forgotten;
    }
}
