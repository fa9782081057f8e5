using Interactions.Contracts;
using Interactions.Contracts.Binary;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Views;

namespace Interactions.Silo.Streams;

/// <summary>
/// What one region decided about a stream: folded from that region's effects alone, in their order. What viewers
/// see is made of all regions' parts by <see cref="MergedView"/>.
/// </summary>
internal sealed class Part(string region)
{
    public const int KeptComments = 2000;
    public const int KeptCues = StreamView.KeptCues;

    /// <summary>How many kinds of reactions a stream may have had in its life: each stays in its totals.</summary>
    public const int MostKinds = 64;

    // Most streams never have one.
    private List<(Stamp At, ShownCue Cue)>? _cues;
    private SortedList<string, UserTable>? _reactions;

    public string Region { get; } = region;

    /// <summary>The last entry of the region's log in here, and its log time.</summary>
    public Position Position { get; private set; } = Position.Start;

    public long AtMs { get; private set; }

    public StreamCreation? Creation { get; private set; }

    public Stamp CreatedAt { get; private set; } = Stamp.None;

    public StreamSettings? Settings { get; private set; }

    public Stamp SettingsAt { get; private set; } = Stamp.None;

    public StreamStatus Status { get; private set; }

    public long StartedAtMs { get; private set; }

    public long EndedAtMs { get; private set; }

    public ShownComment? Pinned { get; private set; }

    public Stamp PinnedAt { get; private set; } = Stamp.None;

    public SortedList<string, long> Taps { get; } = new(1, StringComparer.Ordinal);

    /// <summary>By kind; a value is the time, and in its lowest bit whether it is on.</summary>
    public IEnumerable<KeyValuePair<string, UserTable>> Reactions => _reactions ?? [];

    /// <summary>Deleted ones included: their tombstones stand beside them.</summary>
    public CommentStore Comments { get; private set; } = new(KeptComments);

    public TombstoneStore Tombstones { get; private set; } = new();

    /// <summary>When each user last commented.</summary>
    public UserTable LastComments { get; private set; } = new();

    public BanStore Bans { get; private set; } = new();

    public PollStore Polls { get; private set; } = new();

    public OccupancyStore Occupancy { get; private set; } = new();

    public TimelineStore Timeline { get; private set; } = new();

    public IReadOnlyList<(Stamp At, ShownCue Cue)> Cues => _cues ?? [];

    /// <summary>All that were ever in the settings, in their order.</summary>
    public string[] Kinds { get; private set; } = [];

    public void MoveTo(Position position, long atMs) => (Position, AtMs) = (position, atMs);

    public bool TryGetReaction(string kind, ulong user, out long atMs, out bool on)
    {
        (atMs, on) = (0, false);
        if (_reactions is null || !_reactions.TryGetValue(kind, out var table) || !table.TryGet(user, out var value)) return false;
        (atMs, on) = ((long)(value >> 1), (value & 1) != 0);
        return true;
    }

    public void Apply(Effect effect, Stamp at)
    {
        switch (effect)
        {
            case TapsAdded taps:
                Taps[taps.Kind] = Taps.GetValueOrDefault(taps.Kind) + taps.Count;
                Timeline.React(at.AtMs, taps.Kind, taps.Count);
                break;
            case ReactionSet set:
                React(set, at);
                break;
            case CommentAdded added:
                Comments.Add(new KeptComment(added.Comment, added.Shadow));
                LastComments.Set(added.Author, (ulong)at.AtMs);
                if (!added.Shadow) Timeline.Comment(at.AtMs);
                break;
            case CommentRemoved removed:
                Tombstones.Add(removed.Id, removed.CommentAtMs);
                break;
            case PinSet pin:
                (Pinned, PinnedAt) = (pin.Comment, at);
                break;
            case CueShown cue:
                (_cues ??= []).Add((at, cue.Cue));
                if (_cues.Count > KeptCues) _cues.RemoveAt(0);
                break;
            case BanSet ban:
                Bans.Put(ban.User, ban.UserId, new BanMark(at.AtMs, ban.UntilMs, ban.Shadow));
                break;
            case PollOpened poll:
                Polls.Open(new PollKey(poll.Id, at.AtMs, at.Region), poll);
                break;
            case PollClosed closed:
                Polls.Close(closed.Poll);
                break;
            case VoteSet vote:
                Polls.Vote(vote.Poll, vote.User, at.AtMs, vote.Choice);
                break;
            case SettingsSet set:
                (Settings, SettingsAt) = (set.Settings, at);
                if (set.Creation is not null) (Creation, CreatedAt) = (set.Creation, at);
                Know(set.Settings.Reactions);
                break;
            case StatusChanged changed:
                Advance(changed.Status, at.AtMs);
                break;
            default:
                ApplyPresence(effect, at.AtMs);
                break;
        }
    }

    private void Know(IEnumerable<string> kinds)
    {
        if (!kinds.All(Kinds.Contains)) Kinds = [.. Kinds.Union(kinds).Order(StringComparer.Ordinal)];
    }

    private void React(ReactionSet set, Stamp at)
    {
        TryGetReaction(set.Kind, set.User, out _, out var wasOn);
        _reactions ??= new(StringComparer.Ordinal);
        if (!_reactions.TryGetValue(set.Kind, out var table)) _reactions.Add(set.Kind, table = new UserTable());
        table.Set(set.User, ((ulong)at.AtMs << 1) | (set.On ? 1UL : 0));
        if (set.On != wasOn) Timeline.React(at.AtMs, set.Kind, set.On ? 1 : -1);
    }

    private void Advance(StreamStatus status, long atMs)
    {
        Status = status;
        if (status == StreamStatus.Ended)
        {
            EndedAtMs = atMs;
            return;
        }

        StartedAtMs = atMs;
        Timeline.Start(atMs);
    }

    private void ApplyPresence(Effect effect, long atMs)
    {
        switch (effect)
        {
            case FrontendCounted counted:
                Occupancy.SetCount(counted.Frontend, counted.Count);
                break;
            case FrontendRemoved removed:
                Occupancy.Remove(removed.Frontend);
                break;
            case RosterEntered entered:
                Occupancy.Enter(entered.Frontend, entered.User, entered.Name);
                break;
            case RosterExited exited:
                Occupancy.Exit(exited.Frontend, exited.User);
                break;
            case RosterClosed:
                Occupancy.ClearRoster();
                break;
            case RosterOpened:
                break;
            default:
                throw new ArgumentException($"{effect.GetType().Name} is not known here.", nameof(effect));
        }

        // An ended stream may be looked at for years: its course must not become coarser by that.
        if (Status != StreamStatus.Ended) Timeline.SetViewers(atMs, Occupancy.Viewers);
    }

    public void Write(ByteWriter writer)
    {
        writer.Text(Region);
        writer.Position(Position);
        writer.Signed(AtMs);
        writer.Bool(Creation is not null);
        if (Creation is not null)
        {
            writer.Text(Creation.Owner);
            writer.Fixed64(Creation.Seed);
            CreatedAt.Write(writer);
        }

        writer.Bool(Settings is not null);
        if (Settings is not null)
        {
            ShownCodec.Write(writer, Settings);
            SettingsAt.Write(writer);
        }

        writer.Byte((byte)Status);
        writer.Signed(StartedAtMs);
        writer.Signed(EndedAtMs);
        PinnedAt.Write(writer);
        writer.Bool(Pinned is not null);
        if (Pinned is not null) ShownCodec.Write(writer, Pinned);
        writer.Count(Taps.Count);
        foreach (var (kind, count) in Taps)
        {
            writer.Text(kind);
            writer.Signed(count);
        }

        writer.Count(_reactions?.Count ?? 0);
        foreach (var (kind, users) in Reactions)
        {
            writer.Text(kind);
            users.Write(writer);
        }

        Comments.Write(writer);
        Tombstones.Write(writer);
        LastComments.Write(writer);
        Bans.Write(writer, AtMs);
        Polls.Write(writer);
        Occupancy.Write(writer);
        Timeline.Write(writer);
        writer.Count(Cues.Count);
        foreach (var (at, cue) in Cues)
        {
            at.Write(writer);
            ShownCodec.Write(writer, cue);
        }

        writer.Texts(Kinds);
    }

    public static Part Read(ByteReader reader)
    {
        var part = new Part(reader.Text());
        part.MoveTo(reader.Position(), reader.Signed());
        if (reader.Bool()) (part.Creation, part.CreatedAt) = (new StreamCreation(reader.Text(), reader.Fixed64()), Stamp.Read(reader));
        if (reader.Bool()) (part.Settings, part.SettingsAt) = (ShownCodec.ReadSettings(reader), Stamp.Read(reader));
        part.Status = reader.Status();
        part.StartedAtMs = reader.Signed();
        part.EndedAtMs = reader.Signed();
        part.PinnedAt = Stamp.Read(reader);
        if (reader.Bool()) part.Pinned = ShownCodec.ReadComment(reader);
        for (var left = reader.Count(); left > 0; left--) part.Taps[reader.Text()] = reader.Signed();
        for (var left = reader.Count(); left > 0; left--) (part._reactions ??= new(StringComparer.Ordinal))[reader.Text()] = UserTable.Read(reader);
        part.Comments = CommentStore.Read(reader, KeptComments);
        part.Tombstones = TombstoneStore.Read(reader);
        part.LastComments = UserTable.Read(reader);
        part.Bans = BanStore.Read(reader);
        part.Polls = PollStore.Read(reader);
        part.Occupancy = OccupancyStore.Read(reader);
        part.Timeline = TimelineStore.Read(reader);
        for (var left = reader.Count(); left > 0; left--)
        {
            (part._cues ??= []).Add((Stamp.Read(reader), ShownCodec.ReadCue(reader)));
        }

        part.Kinds = reader.Texts();
        return part;
    }
}
