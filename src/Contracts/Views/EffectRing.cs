using System.Runtime.InteropServices;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Views;

/// <summary>
/// What the newest entries changed: what catch-up frames are made of. Entries older than the given time (by log
/// time) or beyond the given size fall out; a cursor before those that are left needs a snapshot.
/// </summary>
public sealed class EffectRing(TimeSpan keep, int maxBytes)
{
    private readonly long _keepMs = (long)keep.TotalMilliseconds;
    private readonly List<Kept> _entries = [];
    private readonly List<ViewEffect> _effects = [];

    // Most streams never have one.
    private List<(long Offset, BanChanged Ban)>? _bans;
    private int _first;
    private int _firstEffect;
    private long _bytes;
    private bool _started;
    private bool _fromNothing;

    /// <summary>Entries after this one, up to the head, are in here.</summary>
    public Position Start { get; private set; } = Position.Start;

    /// <summary>The last entry.</summary>
    public Position Head { get; private set; } = Position.Start;

    /// <summary>About what is held.</summary>
    public long SizeBytes => _bytes;

    private int Count => _entries.Count - _first;

    /// <summary>Empties it, its memory too; cursors at exactly this position, and at what is added after it, are covered.</summary>
    public void Clear(Position start)
    {
        _entries.Clear();
        _effects.Clear();
        _bans = null;
        _entries.TrimExcess();
        _effects.TrimExcess();
        (_first, _firstEffect, _bytes, _started, Start, Head) = (0, 0, 0, true, start, start);
        _fromNothing = start == Position.Start;
    }

    /// <summary>The next entry. One that does not follow the last one (another epoch) starts the ring anew.</summary>
    public void Add(EntryEffects entry)
    {
        if (_fromNothing && Count == 0 && entry.Position.Offset == 1)
        {
            (Start, Head) = (entry.Position with { Offset = 0 }, entry.Position with { Offset = 0 });
        }

        if (!_started || entry.Position.Epoch != Head.Epoch || entry.Position.Offset != Head.Offset + 1)
        {
            Clear(entry.Position with { Offset = entry.Position.Offset - 1 });
        }

        var kept = Kept.Of(entry);
        _entries.Add(kept);
        _effects.AddRange(entry.Effects);
        foreach (var effect in entry.Effects)
        {
            if (effect is BanChanged ban) (_bans ??= []).Add((entry.Position.Offset, ban));
        }

        _bytes += kept.SizeBytes;
        Head = entry.Position;
        while (Count > 0 && (_bytes > maxBytes || _entries[_first].AtMs < entry.AtMs - _keepMs)) DropOldest();
    }

    /// <summary>
    /// Fills in what came before <see cref="Start"/>, as far back as time and size allow: a ring serves from where it was started, and
    /// its older reach may be read meanwhile.
    /// </summary>
    /// <param name="older">In order, none missing. What is in here already is left out; nothing is taken if something between is missing.</param>
    public void Prepend(IReadOnlyList<EntryEffects> older)
    {
        var end = older.Count;
        while (end > 0 && older[end - 1].Position.Offset > Start.Offset) end--;
        if (!_started || end == 0 || older[end - 1].Position != Start) return;
        var oldestMs = (Count > 0 ? _entries[^1].AtMs : older[end - 1].AtMs) - _keepMs;
        List<Kept> entries = [];
        var (from, bytes) = (end, _bytes);
        for (; from > 0 && older[from - 1].AtMs >= oldestMs; from--)
        {
            var kept = Kept.Of(older[from - 1]);
            if ((bytes += kept.SizeBytes) > maxBytes) break;
            entries.Add(kept);
        }

        entries.Reverse();
        var added = older.Skip(from).Take(end - from).ToArray();
        _entries.InsertRange(_first, entries);
        _effects.InsertRange(_firstEffect, added.SelectMany(entry => entry.Effects));
        var bans = added.SelectMany(entry => entry.Effects.OfType<BanChanged>().Select(ban => (entry.Position.Offset, ban))).ToArray();
        if (bans.Length > 0) (_bans ??= []).InsertRange(0, bans);
        _bytes += entries.Sum(entry => (long)entry.SizeBytes);
        Start = Start with { Offset = Start.Offset - added.Length };
    }

    /// <summary>The entries after a covered position, up to the head. Their effects are those that are held, not copies.</summary>
    public IReadOnlyList<EntryEffects> After(Position cursor)
    {
        if (!Covers(cursor)) throw new ArgumentOutOfRangeException(nameof(cursor), cursor, $"Not between {Start} and {Head}.");
        var skipped = (int)(Math.Max(cursor.Offset, Start.Offset) - Start.Offset);
        var entries = new EntryEffects[Count - skipped];
        var effect = _firstEffect;
        for (var i = 0; i < Count; i++)
        {
            var kept = _entries[_first + i];
            if (i >= skipped)
            {
                entries[i - skipped] = new EntryEffects(
                    Start with { Offset = Start.Offset + 1 + i }, kept.AtMs, kept.OldestMs, _effects.GetRange(effect, kept.EffectCount));
            }

            effect += kept.EffectCount;
        }

        return entries;
    }

    /// <summary>Whether a viewer at this position can be caught up by <see cref="Sum"/>.</summary>
    public bool Covers(Position cursor)
    {
        if (!_started) return false;
        if (cursor == Position.Start) return _fromNothing;
        return cursor.Epoch == Head.Epoch && cursor.Offset >= Start.Offset && cursor.Offset <= Head.Offset;
    }

    /// <summary>Whether any ban was set or lifted in what is held.</summary>
    public bool AnyBans => _bans is { Count: > 0 };

    /// <summary>Whether any ban was set or lifted after that offset (of this epoch).</summary>
    public bool AnyBansAfter(long offset) => _bans is { Count: > 0 } && _bans[^1].Offset > offset;

    /// <summary>Whether a frame from that offset on (of this epoch) says something about bans to this viewer that others are not told.</summary>
    public bool TellsOfBans(long afterOffset, string user, bool moderates)
    {
        for (var i = (_bans?.Count ?? 0) - 1; i >= 0 && _bans![i].Offset > afterOffset; i--)
        {
            if (moderates || (_bans[i].Ban.IsTold && _bans[i].Ban.User == user)) return true;
        }

        return false;
    }

    /// <summary>
    /// One frame for a viewer whose last entry was that offset (covered, of this epoch): what has changed since.
    /// Newest values from the view, which stands at the head; deltas, comments, removals, cues and the roster
    /// from the effects.
    /// </summary>
    /// <param name="viewer">Whose frame it is; null = what everyone may see.</param>
    /// <param name="maxComments">The newest; the others are counted as missed.</param>
    /// <param name="maxCommentBytes">About how large they may be together; one is kept in any case.</param>
    /// <param name="moderates">Whether the viewer sees whose bans changed.</param>
    public Frame Sum(StreamView view, long afterOffset, string? viewer, int maxComments, int maxCommentBytes = int.MaxValue, bool moderates = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(afterOffset, Start.Offset);
        var changes = new CatchUp(viewer, moderates, maxComments, maxCommentBytes);
        var entries = CollectionsMarshal.AsSpan(_entries)[(_first + (int)Math.Min(Count, afterOffset - Start.Offset))..];
        var count = 0;
        foreach (ref readonly var entry in entries) count += entry.EffectCount;
        var effects = CollectionsMarshal.AsSpan(_effects)[^count..];
        foreach (ref readonly var entry in entries)
        {
            changes.Add(effects[..entry.EffectCount], entry.OldestMs);
            effects = effects[entry.EffectCount..];
        }

        return changes.ToFrame(view);
    }

    private void DropOldest()
    {
        var oldest = _entries[_first];
        _bytes -= oldest.SizeBytes;
        Start = Start with { Offset = Start.Offset + 1 };
        while (_bans is { Count: > 0 } && _bans[0].Offset <= Start.Offset) _bans.RemoveAt(0);
        _fromNothing = false;
        CollectionsMarshal.AsSpan(_effects).Slice(_firstEffect, oldest.EffectCount).Clear();
        _firstEffect += oldest.EffectCount;
        _first++;
        if (_first < 64 || _first < Count) return;
        _entries.RemoveRange(0, _first);
        _effects.RemoveRange(0, _firstEffect);
        (_first, _firstEffect) = (0, 0);
    }

    /// <summary>
    /// What is left of an entry besides its effects. Offsets are dense and effects stand in the same order, so its
    /// own are known by its place.
    /// </summary>
    private readonly record struct Kept(int EffectCount, int SizeBytes, long AtMs, long OldestMs)
    {
        public static Kept Of(EntryEffects entry) => new(entry.Effects.Count, entry.SizeBytes, entry.AtMs, entry.OldestMs);
    }
}
