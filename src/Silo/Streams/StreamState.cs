using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Binary;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Log;
using Interactions.Contracts.Views;

namespace Interactions.Silo.Streams;

/// <summary>
/// The fold of a stream's log: the same entries give the same state, results and bytes on every silo. Pure: no
/// clock (time is the entry's log time), no I/O, no randomness. One caller at a time.
/// </summary>
public sealed partial class StreamState
{
    /// <summary>Up to how many viewers a room says who is there.</summary>
    public const int RosterLimit = 200;

    private const byte Version = 2;

    private readonly string _region;
    private readonly RuleBook _book;
    private readonly KeyMemory _keys;
    private readonly FrontendMemory _frontends;

    // Of the item that is being decided.
    private readonly List<Effect> _effects = new(1);
    private MergedView _view;

    /// <summary>Empty: before the first entry.</summary>
    /// <param name="stream">The stream's id.</param>
    /// <param name="region">The region whose log is folded.</param>
    public StreamState(string stream, string region)
        : this(stream, region, RuleBook.Standard)
    {
    }

    /// <param name="book">The rules that are known.</param>
    internal StreamState(string stream, string region, RuleBook book)
        : this(stream, region, book, RuleBook.First, Position.Start, 0, new KeyMemory(), new FrontendMemory(), [new Part(region)])
    {
    }

    private StreamState(
        string stream, string region, RuleBook book, byte rules, Position position, long atMs, KeyMemory keys, FrontendMemory frontends, IEnumerable<Part> parts)
    {
        (Stream, _region, _book, Rules, Position, AtMs, _keys, _frontends) = (stream, region, book, rules, position, atMs, keys, frontends);
        _view = new MergedView(parts);
    }

    public string Stream { get; }

    /// <summary>The last entry that was applied.</summary>
    public Position Position { get; private set; }

    /// <summary>Its log time, ms since 1970 UTC.</summary>
    public long AtMs { get; private set; }

    /// <summary>The latest rules of all entries that were applied: no entry behind them may name earlier ones.</summary>
    public byte Rules { get; private set; }

    /// <summary>How views show log times. Not part of the fold: whoever reads sets it.</summary>
    public ShownTime Shown { get; set; }

    /// <summary>Whether the stream was created.</summary>
    public bool Exists => _view.Creation is not null;

    /// <summary>Names the stream's creation; 0 = it was not created.</summary>
    public ulong Seed => _view.Creation?.Seed ?? 0;

    public StreamStatus Status => _view.Status;

    public StreamSettings Settings => _view.Settings;

    /// <summary>The creator's user id; empty before there is one.</summary>
    public string Owner => _view.Creation?.Owner ?? "";

    /// <summary>Whether anyone was ever banned and may be still.</summary>
    public bool AnyBans => _view.AnyBans;

    public int Viewers => _view.Viewers;

    /// <summary>Whether frontends are to tell of joins and leaves: the room keeps a roster and is small enough.</summary>
    public bool RosterOpen => _view.RosterOpen;

    /// <summary>This region's frontends that have viewers or roster members, in order of their ids. The next entry changes it.</summary>
    public ICollection<string> Frontends => Local.Occupancy.Frontends;

    internal IReadOnlyDictionary<string, Part> Parts => _view.ByRegion;

    private Part Local => _view.Of(_region);

    private Stamp Here => new(AtMs, _region, Position, 0);

    /// <summary>Folds the next entry. Its position replaces <see cref="Position"/>.</summary>
    /// <param name="body">The decoded <see cref="Entry.Body"/>.</param>
    /// <exception cref="LaterRulesException">It was decided by rules that are not known here; nothing has changed.</exception>
    public Applied Apply(Entry entry, EntryBody body)
    {
        var rules = _book.Of(body.Rules);
        Rules = Math.Max(Rules, body.Rules);
        Position = entry.Position;
        AtMs = Math.Max(AtMs, entry.AtMs);
        _keys.Expire(AtMs);
        _frontends.Expire(AtMs);
        var shown = new ViewEffects(_view);
        var answers = new BatchAnswer[body.Batches.Count];
        var (oldestMs, index) = (0L, 0);
        for (var i = 0; i < answers.Length; i++)
        {
            var batch = body.Batches[i];
            answers[i] = _frontends.Recall(batch.Frontend, batch.Sequence, AtMs) ?? Take(rules, batch, index, shown);
            index += batch.Items.Count;
            if (answers[i].Outcome != BatchOutcome.Taken || batch.OldestMs <= 0) continue;
            if (oldestMs == 0 || batch.OldestMs < oldestMs) oldestMs = batch.OldestMs;
        }

        Local.MoveTo(Position, AtMs);
        return new Applied(answers, new EntryEffects(Position, AtMs, oldestMs, shown.ToArray()));
    }

    /// <summary>Takes over what another region's silo knows of the other regions, and of this one if that is further.</summary>
    internal void Adopt(IReadOnlyDictionary<string, Part> parts) =>
        _view = new MergedView(Merge.Parts(_view.ByRegion, parts).Values);

    /// <summary>The bytes of the whole fold; equal for equal histories.</summary>
    /// <remarks>
    /// <c>version(1 byte) rules(1 byte) stream region position atMs keys frontends count part*</c>; each store writes its own, in a fixed
    /// order. Another version of these bytes comes with another version of the rules, which stands in the second byte in any version.
    /// </remarks>
    public byte[] Save()
    {
        var writer = new ByteWriter(4096);
        writer.Byte(Version);
        writer.Byte(Rules);
        writer.Text(Stream);
        writer.Text(_region);
        writer.Position(Position);
        writer.Signed(AtMs);
        _keys.Write(writer);
        _frontends.Write(writer);
        writer.Count(_view.Parts.Length);
        foreach (var part in _view.Parts) part.Write(writer);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">These bytes are no saved fold, or one of another version.</exception>
    public static StreamState Load(ReadOnlyMemory<byte> bytes) => Load(bytes, RuleBook.Standard);

    /// <param name="book">The rules that are known.</param>
    /// <exception cref="LaterRulesException">It was decided by rules that are not known here.</exception>
    /// <exception cref="InvalidDataException">These bytes are no saved fold, or one of another version.</exception>
    internal static StreamState Load(ReadOnlyMemory<byte> bytes, RuleBook book)
    {
        var reader = new ByteReader(bytes);
        var (version, rules) = (reader.Byte(), reader.Byte());
        if (rules > book.Newest) throw new LaterRulesException(rules, book.Newest);
        if (version != Version) throw new InvalidDataException($"A fold of version {version}; this reads {Version}.");
        var (stream, region, position, atMs) = (reader.Text(), reader.Text(), reader.Position(), reader.Signed());
        var keys = KeyMemory.Read(reader);
        var frontends = FrontendMemory.Read(reader);
        var parts = new SortedDictionary<string, Part>(StringComparer.Ordinal);
        for (var left = reader.Count(); left > 0; left--)
        {
            var part = Part.Read(reader);
            parts[part.Region] = part;
        }

        reader.End();
        if (!parts.ContainsKey(region)) throw new InvalidDataException($"No part of the own region {region}.");
        return new StreamState(stream, region, book, rules, position, atMs, keys, frontends, parts.Values);
    }

    private BatchAnswer Take(IRules rules, Batch batch, int index, ViewEffects shown)
    {
        var results = new ItemResult[batch.Items.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var at = new Stamp(AtMs, _region, Position, index + i);
            var hadRoster = RosterOpen;
            results[i] = Decide(rules, batch.Frontend, batch.Items[i], at, NoEffects());
            foreach (var effect in _effects) shown.Add(_view.Apply(effect, at));
            if (RosterOpen != hadRoster) shown.Add(_view.Apply(RosterSwitch(hadRoster), at));
        }

        _frontends.Add(batch.Frontend, batch.Sequence, AtMs, results);
        return new(batch.Frontend, batch.Sequence, BatchOutcome.Taken, results);
    }

    private ItemResult Decide(IRules rules, string frontend, BatchItem item, Stamp at, List<Effect> effects)
    {
        switch (item)
        {
            case Rejected rejected:
                return ItemResult.Rejected(rejected.Code, rejected.RetryAfterMs);
            case Taps taps:
                return rules.Decide(_view, taps, at, effects);
            case Submitted submitted:
                var user = _view.HashOf(submitted.User);
                if (Remembered(submitted, user, at.AtMs) is { } answer) return answer;
                var result = rules.Decide(_view, submitted, user, at, effects);
                if (result.IsAccepted && submitted.Key != 0) _keys.Add(user, submitted.Key, at.AtMs, at.Position, at.Index);
                return result;
            default:
                var code = rules.Decide(_view, Local, frontend, item, effects);
                return code == Code.Accepted ? ItemResult.Accepted(at.Position, at.Index) : ItemResult.Rejected(code);
        }
    }

    private List<Effect> NoEffects()
    {
        _effects.Clear();
        return _effects;
    }

    private static ItemResult? Refusal(ItemResult result) => result.IsAccepted ? null : result;

    private ItemResult? Remembered(Submitted item, ulong user, long nowMs) =>
        item.Key != 0 && _keys.TryGet(user, item.Key, nowMs, out var position, out var index) ? ItemResult.Accepted(position, index) : null;

    private Effect RosterSwitch(bool hadRoster) =>
        hadRoster ? new RosterClosed([.. _view.Roster().Select(member => member.User)]) : new RosterOpened();
}
