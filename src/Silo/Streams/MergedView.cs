using System.Diagnostics.CodeAnalysis;
using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Views;

namespace Interactions.Silo.Streams;

/// <summary>
/// What viewers see and rules are judged by: all regions' parts together. Nothing here depends on the order in
/// which regions' effects arrived. What is counted often is kept counted (each user's deciding region before and
/// after a change); everything can be counted anew from the parts.
/// </summary>
internal sealed class MergedView
{
    private readonly SortedList<string, long> _totals = new(1, StringComparer.Ordinal);
    private SortedList<PollKey, MergedPoll>? _polls;
    private SipHash _hash;

    public MergedView(IEnumerable<Part> parts)
    {
        Parts = [.. parts.OrderBy(part => part.Region, StringComparer.Ordinal)];
        ReadSettings();
        CountReactions();
        CountPolls();
        foreach (var part in Parts)
        {
            for (var i = 0; i < part.Comments.Count; i++) Comments.Add(part.Comments[i]);
        }
    }

    /// <summary>In the order of their regions' names.</summary>
    public Part[] Parts { get; }

    public IReadOnlyDictionary<string, Part> ByRegion => Parts.ToDictionary(part => part.Region, StringComparer.Ordinal);

    public StreamCreation? Creation { get; private set; }

    public StreamSettings Settings { get; private set; } = StreamSettings.Default;

    public CommentStore Comments { get; } = new(Part.KeptComments);

    public StreamStatus Status
    {
        get
        {
            var furthest = StreamStatus.Created;
            foreach (var part in Parts) furthest = part.Status > furthest ? part.Status : furthest;
            return furthest;
        }
    }

    public long StartedAtMs => First(part => part.StartedAtMs);

    public long EndedAtMs => First(part => part.EndedAtMs);

    public int Viewers
    {
        get
        {
            var viewers = 0;
            foreach (var part in Parts) viewers += part.Occupancy.Viewers;
            return viewers;
        }
    }

    public bool RosterOpen => Creation is not null && Settings.Roster && Viewers <= StreamState.RosterLimit;

    public ulong HashOf(string user) => _hash.Of(user);

    public long Total(string kind) => _totals.GetValueOrDefault(kind);

    /// <summary>The kinds of the settings first, then those that were removed from them.</summary>
    public IEnumerable<string> Kinds() => Settings.Reactions.Concat(_totals.Select(total => total.Key)).Distinct();

    /// <summary>All that were ever in the settings.</summary>
    public IEnumerable<string> KnownKinds() => Parts.SelectMany(part => part.Kinds).Distinct();

    /// <exception cref="ArgumentException">Nothing of that region is known.</exception>
    public Part Of(string region)
    {
        // They are few, and mostly one.
        foreach (var part in Parts)
        {
            if (part.Region == region) return part;
        }

        throw new ArgumentException($"There is no part of {region}.", nameof(region));
    }

    public bool IsDeleted(string commentId)
    {
        foreach (var part in Parts)
        {
            if (part.Tombstones.Contains(commentId)) return true;
        }

        return false;
    }

    public long LastCommentMs(ulong user)
    {
        var last = -1L;
        foreach (var part in Parts)
        {
            if (part.LastComments.TryGet(user, out var at)) last = Math.Max(last, (long)at);
        }

        return last;
    }

    public bool IsOn(string kind, ulong user)
    {
        var (latest, decided) = (-1L, false);
        foreach (var part in Parts)
        {
            // Regions come in order, so of two at the same time the later one decides.
            if (part.TryGetReaction(kind, user, out var atMs, out var on) && atMs >= latest) (latest, decided) = (atMs, on);
        }

        return decided;
    }

    /// <summary>The user's vote; -1 = none.</summary>
    public int VoteOf(PollKey poll, ulong user)
    {
        var (latest, decided) = (-1L, -1);
        foreach (var part in Parts)
        {
            if (part.Polls.TryGetVote(poll, user, out var atMs, out var choice) && atMs >= latest) (latest, decided) = (atMs, choice);
        }

        return decided;
    }

    public BanMark? BanOf(ulong user)
    {
        BanMark? decided = null;
        foreach (var part in Parts)
        {
            if (part.Bans.Count > 0 && part.Bans.Find(user) is { } mark && mark.SetAtMs >= (decided?.SetAtMs ?? -1)) decided = mark;
        }

        return decided;
    }

    /// <summary>Cheap; false means that <see cref="BanOf"/> is null for everyone.</summary>
    public bool AnyBans
    {
        get
        {
            foreach (var part in Parts)
            {
                if (part.Bans.Count > 0) return true;
            }

            return false;
        }
    }

    /// <summary>Bans that run then, in order of the users' ids.</summary>
    public IEnumerable<BanRow> Bans(string? after, int limit, long nowMs) =>
        // Each region's own first ones are enough: what is not among them comes after them.
        Parts.SelectMany(part => Bans(part, after, nowMs).Take(limit))
            .DistinctBy(ban => ban.User)
            .OrderBy(ban => ban.User, StringComparer.Ordinal)
            .Take(limit);

    public ShownComment? Pinned()
    {
        var latest = Parts.MaxBy(part => part.PinnedAt);
        return latest?.Pinned is { } pinned && !IsDeleted(pinned.Id) ? pinned : null;
    }

    public IEnumerable<ShownCue> Cues() =>
        Parts.SelectMany(part => part.Cues).OrderBy(pair => pair.At).TakeLast(Part.KeptCues).Select(pair => pair.Cue);

    /// <summary>Oldest first; of namesakes from two regions the one that was opened first.</summary>
    public IEnumerable<MergedPoll> Polls() => (_polls?.Values ?? []).DistinctBy(poll => poll.Key.Id);

    public MergedPoll? Poll(string id) => _polls?.Values.FirstOrDefault(poll => poll.Key.Id == id);

    public IEnumerable<KindCount> Totals() => _totals.Select(total => new KindCount(total.Key, total.Value));

    public bool IsPresent(string user) => Parts.Any(part => part.Occupancy.HasAnywhere(user));

    /// <summary>The distinct users of all frontends, in order of their ids.</summary>
    public IReadOnlyList<RosterMember> Roster()
    {
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (user, name) in Parts.SelectMany(part => part.Occupancy.Members())) members.TryAdd(user, name);
        return [.. members.Select(pair => new RosterMember(pair.Key, pair.Value))];
    }

    /// <summary>Changes the region's part and what is counted here; answers the effect with what it changed.</summary>
    public Effect Apply(Effect effect, Stamp at)
    {
        var part = Of(at.Region);
        switch (effect)
        {
            case ReactionSet set:
                var wasOn = IsOn(set.Kind, set.User);
                part.Apply(set, at);
                var change = (IsOn(set.Kind, set.User) ? 1 : 0) - (wasOn ? 1 : 0);
                AddTotal(set.Kind, change);
                return set with { Change = change };
            case VoteSet vote:
                var before = VoteOf(vote.Poll, vote.User);
                part.Apply(vote, at);
                return vote with { Changed = Recount(vote.Poll, before, VoteOf(vote.Poll, vote.User)) };
            case BanSet ban:
                var wasTold = BanOf(ban.User)?.IsTold(at.AtMs) == true;
                part.Apply(ban, at);
                return ban with { IsTold = wasTold || BanOf(ban.User)?.IsTold(at.AtMs) == true };
        }

        part.Apply(effect, at);
        switch (effect)
        {
            case TapsAdded taps:
                AddTotal(taps.Kind, taps.Count);
                break;
            case CommentAdded added:
                // The part's own, if it is not older than all that are kept.
                Comments.Add(part.Comments.Find(added.Comment.Id) ?? new KeptComment(added.Comment, added.Shadow));
                break;
            case SettingsSet:
                ReadSettings();
                break;
            case PollOpened opened:
                OpenPoll(new PollKey(opened.Id, at.AtMs, at.Region), opened);
                break;
            case PollClosed closed when TryGetPoll(closed.Poll, out var poll):
                poll.IsClosed = true;
                break;
        }

        return effect;
    }

    private IEnumerable<BanRow> Bans(Part part, string? after, long nowMs)
    {
        foreach (var (user, hash) in part.Bans.Users(after))
        {
            if (BanOf(hash) is { } ban && ban.IsActive(nowMs)) yield return new BanRow(user, ban.EndsAtMs, ban.Shadow);
        }
    }

    private bool Recount(PollKey key, int before, int after)
    {
        if (before == after || !TryGetPoll(key, out var poll)) return false;
        poll.Count(before, -1);
        poll.Count(after, +1);
        return true;
    }

    private bool TryGetPoll(PollKey key, [NotNullWhen(true)] out MergedPoll? poll)
    {
        poll = null;
        return _polls?.TryGetValue(key, out poll) == true;
    }

    private void AddTotal(string kind, long change) => _totals[kind] = Total(kind) + change;

    private long First(Func<Part, long> time) => Parts.Select(time).Where(at => at > 0).DefaultIfEmpty(0).Min();

    private void ReadSettings()
    {
        Settings = Parts.MaxBy(part => part.SettingsAt)?.Settings ?? StreamSettings.Default;
        Creation = Parts.Where(part => part.Creation is not null).MinBy(part => part.CreatedAt)?.Creation;
        _hash = Creation is null ? default : SipHash.FromSeed(Creation.Seed);
    }

    private void CountReactions()
    {
        foreach (var (kind, count) in Parts.SelectMany(part => part.Taps)) AddTotal(kind, count);
        foreach (var kind in Parts.SelectMany(part => part.Reactions).Select(pair => pair.Key).Distinct())
        {
            var tables = Parts.SelectMany(part => part.Reactions).Where(pair => pair.Key == kind).Select(pair => pair.Value);
            AddTotal(kind, tables.SelectMany(table => table.Sorted()).Select(pair => pair.Key).Distinct().Count(user => IsOn(kind, user)));
        }
    }

    private void CountPolls()
    {
        foreach (var (key, opened) in Parts.SelectMany(part => part.Polls.Polls)) OpenPoll(key, opened);
    }

    private void OpenPoll(PollKey key, PollOpened opened)
    {
        // A relayed vote or closing may have come before the opening.
        var poll = new MergedPoll(key, opened) { IsClosed = Parts.Any(part => part.Polls.IsClosed(key)) };
        foreach (var user in Parts.SelectMany(part => part.Polls.Voters(key)).Distinct()) poll.Count(VoteOf(key, user), +1);
        _polls ??= [];
        _polls[key] = poll;
        if (_polls.Count > PollStore.Keep) _polls.RemoveAt(0);
    }
}
