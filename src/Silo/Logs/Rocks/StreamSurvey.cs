using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Which streams of a database are not whole, found by reading all of it.</summary>
internal sealed class StreamSurvey
{
    private readonly List<string> _losses = [];
    private readonly HashSet<string> _concerned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _births = new(StringComparer.Ordinal);
    private string? _stream;
    private StreamLife? _life;
    private string _birth = "";
    private string _epoch = "";
    private long _next;
    private int _lost;
    private int _bad;
    private readonly HashSet<long> _snapshots = [];

    /// <summary>The streams that lost something.</summary>
    public IReadOnlySet<string> Concerned => _concerned;

    /// <summary>All that have rows, each with the birth of its newest life; that of rows of a life that was deleted is another.</summary>
    public IReadOnlyDictionary<string, string> Births => _births;

    /// <summary>What is given up, in words.</summary>
    public IReadOnlyList<string> Losses => _losses;

    public static StreamSurvey Of(RocksDatabase database)
    {
        var survey = new StreamSurvey();
        RowWalk.Run(database, survey.Row, survey.Gap);
        survey.End();
        return survey;
    }

    private void Row(byte[] key, byte[] value)
    {
        var stream = RocksKeys.StreamOf(key, out var kind);
        if (stream is null)
        {
            _losses.Add($"Given up: a row whose key {Convert.ToHexString(key)} is none.");
            return;
        }

        Begin(stream);
        try
        {
            switch (kind)
            {
                case RowKind.Life:
                    _life = RocksRows.ReadLife(key, value);
                    (_birth, _next) = (_life.Birth, _life.First);
                    break;
                case RowKind.Snapshot when IsOfLife(key):
                    RocksRows.ReadSnapshot(key, value);
                    _snapshots.Add(RocksKeys.OffsetOf(key));
                    break;
                case RowKind.Entry when IsOfLife(key):
                    Entry(RocksRows.ReadEntry(key, value).Position);
                    break;
                default:
                    _bad++;
                    break;
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
        {
            _bad++;
        }
    }

    private void Entry(Position position)
    {
        if (_next > 0 && position.Offset > _next) _lost += (int)Math.Min(int.MaxValue, position.Offset - _next);
        (_next, _epoch) = (position.Offset + 1, position.Epoch);
    }

    // Where the life is lost, the newest one that has rows is taken for it.
    private bool IsOfLife(byte[] key)
    {
        var birth = RocksKeys.BirthOf(key);
        if (_life is null && (_birth.Length == 0 || Epochs.CompareLives(birth, _birth) > 0)) _birth = birth;
        return birth == _birth;
    }

    private void Gap(byte[] before, byte[] behind)
    {
        // A stream that is only begun behind a gap is whole; any other that touches it may not be.
        if (RocksKeys.StreamOf(before, out _) is { } left)
        {
            Begin(left);
            _bad++;
        }

        var right = RocksKeys.StreamOf(behind, out var kind);
        if (right is not null && right != _stream)
        {
            Begin(right);
            if (kind != RowKind.Life) _bad++;
        }

        _losses.Add($"Given up: what lay between {Name(before)} and {Name(behind)}, which can't be read.");
    }

    private void Begin(string stream)
    {
        if (_stream == stream) return;
        End();
        (_stream, _life, _birth, _epoch, _next, _lost, _bad) = (stream, null, "", "", 0, 0, 0);
        _snapshots.Clear();
    }

    private void End()
    {
        if (_stream is null) return;
        _births[_stream] = _birth;
        var isWhole = _life is { Snapshots: var held } life && _lost == 0 && _bad == 0 && IsThere(held.Newest) && IsThere(held.Older)
            && _next > held.NewestOffset && _epoch == life.Epochs.Current;
        if (isWhole) return;
        _concerned.Add(_stream);
        if (_lost > 0) _losses.Add(FormattableString.Invariant($"Given up: {_lost} entries of {_stream}."));
        else _losses.Add($"Given up: damaged rows of {_stream}.");
    }

    private bool IsThere(LogSnapshot? snapshot) => snapshot is null || _snapshots.Contains(snapshot.Position.Offset);

    private static string Name(byte[] key) => RocksKeys.StreamOf(key, out var kind) is not { } stream ? (key.Length == 0 ? "the beginning or the end" : Convert.ToHexString(key))
        : kind == RowKind.Entry ? FormattableString.Invariant($"{stream} at offset {RocksKeys.OffsetOf(key)}")
        : stream;
}
