namespace Interactions.Silo.Logs.Rocks;

/// <summary>Copies what is sound from one database to an empty one; streams that are not whole get a new epoch there.</summary>
internal sealed class SalvageCopy(RocksDatabase target, string name) : IDisposable
{
    private const int MaxBatchBytes = 4 << 20;

    private readonly RocksBatch _batch = new();
    private string? _stream;
    private StreamSalvage? _renewed;
    private int _bytes;
    private long _group;

    /// <summary>How many streams are as they were.</summary>
    public int Kept { get; private set; }

    /// <summary>All streams of which something is left.</summary>
    public HashSet<string> Left { get; } = new(StringComparer.Ordinal);

    /// <summary>The streams with a new epoch.</summary>
    public List<string> Renewed { get; } = [];

    /// <param name="source">What to copy.</param>
    /// <param name="survey">Of the source.</param>
    /// <param name="isWhole">Only the streams that the survey names may have lost something.</param>
    public void Run(RocksDatabase source, StreamSurvey survey, bool isWhole)
    {
        RowWalk.Run(
            source,
            (key, value) =>
            {
                if (RocksKeys.StreamOf(key, out var kind) is not { } stream) return;
                if (stream != _stream) Begin(stream, !isWhole || survey.Concerned.Contains(stream) ? survey.Births[stream] : null);
                if (_renewed is null) Put(key, value);
                else _renewed.Take(kind, key, value);
            },
            (_, _) => { });
        End();
    }

    /// <summary>Writes the rest.</summary>
    /// <returns>The number of the last group.</returns>
    public long Finish()
    {
        Write();
        return _group;
    }

    public void Dispose() => _batch.Dispose();

    private void Begin(string stream, string? birth)
    {
        End();
        (_stream, _renewed) = (stream, birth is null ? null : new StreamSalvage(stream, birth, Put));
    }

    private void End()
    {
        if (_stream is null) return;
        if (_renewed is null) Kept++;
        else if (_renewed.End()) Renewed.Add(_stream);
        else return;
        Left.Add(_stream);
    }

    private void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _batch.Put(key, value);
        _bytes += key.Length + value.Length;
        if (_bytes > MaxBatchBytes) Write();
    }

    private void Write()
    {
        _batch.Put(RocksKeys.Group, RocksRows.Group(new RowWriter(64), RocksKeys.Group, new StoredGroup(++_group, name)));
        target.Write(_batch);
        _batch.Clear();
        _bytes = 0;
    }
}
