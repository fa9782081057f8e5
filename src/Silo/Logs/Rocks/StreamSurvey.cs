using Interactions.Contracts;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Which streams of a database are not whole, found by reading all of it.</summary>
internal sealed class StreamSurvey
{
    private readonly List<string> _losses = [];
    private readonly HashSet<string> _concerned = new(StringComparer.Ordinal);
    private readonly HashSet<string> _streams = new(StringComparer.Ordinal);
    private string? _stream;
    private StreamLife? _life;
    private long _next;
    private int _lost;
    private int _bad;
    private readonly HashSet<long> _snapshots = [];

    /// <summary>The streams that lost something.</summary>
    public IReadOnlySet<string> Concerned => _concerned;

    /// <summary>All that have rows.</summary>
    public IReadOnlySet<string> Streams => _streams;

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
                    _next = _life.Value.First;
                    break;
                case RowKind.Chain:
                    RocksRows.ReadChain(key, value);
                    break;
                case RowKind.Snapshot:
                    RocksRows.ReadSnapshot(key, value, default);
                    _snapshots.Add(RocksKeys.OffsetOf(key));
                    break;
                case RowKind.Entry:
                    RocksRows.ReadEntry(key, value, default);
                    Entry(RocksKeys.OffsetOf(key));
                    break;
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
        {
            _bad++;
        }
    }

    private void Entry(long offset)
    {
        if (_next > 0 && offset > _next) _lost += (int)Math.Min(int.MaxValue, offset - _next);
        _next = offset + 1;
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
        (_stream, _life, _next, _lost, _bad) = (stream, null, 0, 0, 0);
        _snapshots.Clear();
        _streams.Add(stream);
    }

    private void End()
    {
        if (_stream is null) return;
        var life = _life;
        var isWhole = life is { } known && _lost == 0 && _bad == 0
            && (known.Newest.Offset == 0 || _snapshots.Contains(known.Newest.Offset)) && (known.Older.Offset == 0 || _snapshots.Contains(known.Older.Offset))
            && _next > Math.Max(1, known.Newest.Offset);
        if (isWhole) return;
        _concerned.Add(_stream);
        if (_lost > 0) _losses.Add(FormattableString.Invariant($"Given up: {_lost} entries of {_stream}."));
        else _losses.Add($"Given up: damaged rows of {_stream}.");
    }

    private static string Name(byte[] key) => RocksKeys.StreamOf(key, out var kind) is not { } stream ? (key.Length == 0 ? "the beginning or the end" : Convert.ToHexString(key))
        : kind == RowKind.Entry ? $"{stream} at {new Position(RocksKeys.EpochOf(key), RocksKeys.OffsetOf(key))}"
        : stream;
}
