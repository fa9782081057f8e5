using Interactions.Contracts;
using Interactions.Contracts.Directory;

namespace Interactions.Silo.Directories;

/// <summary>
/// The fold of a partition of the directory: rows, the intents that were begun and not finished, and what was deleted. Pure: no clock,
/// no I/O. Not for concurrent callers.
/// </summary>
internal sealed class DirectoryState
{
    private readonly Dictionary<string, DirectoryRow> _deleting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DirectoryIntent> _intents = new(StringComparer.Ordinal);
    private readonly Queue<Tombstone> _tombstones = new();
    private readonly HashSet<(string Id, ulong Creation)> _buried = [];

    public DirectoryRows Rows { get; } = new();

    /// <summary>Streams that are gone for everyone and whose logs are being erased.</summary>
    public IReadOnlyCollection<DirectoryRow> Deleting => _deleting.Values;

    /// <summary>What was begun and not finished.</summary>
    public IReadOnlyCollection<DirectoryIntent> Intents => _intents.Values;

    public IReadOnlyCollection<Tombstone> Tombstones => _tombstones;

    /// <summary>Also one that is being deleted.</summary>
    public DirectoryRow? Find(string id) => Rows.Find(id) ?? _deleting.GetValueOrDefault(id);

    public bool IsOpen(string intent) => _intents.ContainsKey(intent);

    public Verdict Judge(DirectoryItem item) => item switch
    {
        IntentBegun begun => Judge(begun.Intent),
        RowShown shown => IsOpen(shown.Intent, DirectoryIntentKind.Change) || Shown(shown) is not null ? Verdict.Take : Verdict.Done,
        StreamErased erased => Find(erased.Id)?.Creation == erased.Creation ? Verdict.Take : Verdict.Done,
        CreationCancelled cancelled => IsOpen(cancelled.Intent, DirectoryIntentKind.Create) ? Verdict.Take : Verdict.Done,
        _ => throw new ArgumentException($"{item.GetType().Name} is not judged.", nameof(item)),
    };

    /// <summary>Takes an item that was stored.</summary>
    /// <param name="atMs">Log time.</param>
    public void Apply(DirectoryItem item, long atMs)
    {
        switch (item)
        {
            case IntentBegun begun:
                Begin(begun.Intent);
                break;
            case RowShown shown:
                if (Shown(shown) is { } row) Rows.Set(row);
                if (IsOpen(shown.Intent, DirectoryIntentKind.Change)) _intents.Remove(shown.Intent!);
                break;
            case StreamErased erased when Find(erased.Id)?.Creation == erased.Creation:
                Forget(erased.Id, erased.Creation);
                Bury(new Tombstone(erased.Id, erased.Creation, atMs));
                break;
            case CreationCancelled cancelled when IsOpen(cancelled.Intent, DirectoryIntentKind.Create):
                Forget(cancelled.Id, cancelled.Creation);
                break;
        }
    }

    /// <summary>Puts in what a snapshot holds.</summary>
    public void Restore(IEnumerable<DirectoryRow> rows, IEnumerable<DirectoryIntent> intents, IEnumerable<Tombstone> tombstones)
    {
        foreach (var row in rows)
        {
            if (row.IsDeleting) _deleting[row.Id] = row;
            else Rows.Set(row);
        }

        foreach (var intent in intents) _intents[intent.Name] = intent;
        foreach (var tombstone in tombstones) Bury(tombstone);
    }

    private Verdict Judge(DirectoryIntent intent)
    {
        var row = intent.Row;
        if (_intents.ContainsKey(intent.Name)) return Verdict.Done;
        if (intent.Kind != DirectoryIntentKind.Create) return Rows.Find(row.Id)?.Creation == row.Creation ? Verdict.Take : Verdict.Refuse;
        if (Rows.Find(row.Id)?.Creation == row.Creation) return Verdict.Done;
        return Find(row.Id) is null && !_buried.Contains((row.Id, row.Creation)) ? Verdict.Take : Verdict.Refuse;
    }

    // Who changes a stream does not know all of its row.
    private void Begin(DirectoryIntent intent)
    {
        var row = intent.Row;
        if (intent.Kind == DirectoryIntentKind.Create)
        {
            if (Find(row.Id) is not null) return;
            Rows.Set(row);
        }
        else if (Rows.Find(row.Id) is { } known && known.Creation == row.Creation)
        {
            row = known;
        }
        else
        {
            return;
        }

        if (intent.Kind == DirectoryIntentKind.Delete)
        {
            row = row with { IsDeleting = true };
            Rows.Remove(row.Id);
            _deleting[row.Id] = row;
        }

        _intents[intent.Name] = intent with { Row = row };
    }

    // A status never goes back. Null: the row shows it already, or there is none.
    private DirectoryRow? Shown(RowShown shown)
    {
        if (Rows.Find(shown.Id) is not { } row || row.Creation != shown.Creation) return null;
        var next = row with { Title = shown.Title, Status = (StreamStatus)Math.Max((byte)row.Status, (byte)shown.Status) };
        return next == row ? null : next;
    }

    // A creation is finished as a change is; a deletion only by erasing.
    private bool IsOpen(string? intent, DirectoryIntentKind most) =>
        intent is not null && _intents.TryGetValue(intent, out var open) && open.Kind <= most;

    private void Forget(string id, ulong creation)
    {
        Rows.Remove(id);
        _deleting.Remove(id);
        foreach (var intent in _intents.Values.Where(intent => intent.Row.Id == id && intent.Row.Creation == creation).ToArray()) _intents.Remove(intent.Name);
    }

    private void Bury(Tombstone tombstone)
    {
        if (_buried.Add((tombstone.Id, tombstone.Creation))) _tombstones.Enqueue(tombstone);
        while (_tombstones.TryPeek(out var oldest) && oldest.AtMs < tombstone.AtMs - Tombstone.KeepMs)
        {
            _tombstones.Dequeue();
            _buried.Remove((oldest.Id, oldest.Creation));
        }
    }
}
