using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Xunit;

namespace Interactions.Tests.Specification;

/// <summary>Writes a stream's log as an activation does: it knows the head, and numbers its entries.</summary>
public sealed class LogWriter(IStreamLog log, string stream, string name = "w1")
{
    private long _number;

    public static long StartMs => 1_763_660_000_000;

    public string Name => name;

    /// <summary>The last entry as it knows it.</summary>
    public LogHead Head { get; private set; } = LogHead.Empty;

    /// <summary>The epoch of its next entry.</summary>
    public string Epoch { get; private set; } = Epochs.New(StartMs);

    /// <summary>The log time of its next entry.</summary>
    public long AtMs { get; set; } = StartMs;

    /// <summary>What stands after the head, in the same epoch.</summary>
    public void Follow(LogHead head)
    {
        Head = head;
        if (!head.Position.IsStart) Epoch = head.Position.Epoch;
    }

    public void BeginEpoch() => Epoch = Epochs.New(AtMs, Epoch);

    /// <summary>The next entry after the head, not appended yet.</summary>
    public Entry Next(string? text = null)
    {
        _number++;
        return Next(Encoding.UTF8.GetBytes(text ?? $"{name}:{_number}"));
    }

    /// <summary>The next entry after the head, with the number of the last one.</summary>
    public Entry Next(byte[] body) => new(new Position(Epoch, Head.Position.Offset + 1), AtMs, name, _number, body);

    public async Task<AppendResult> AppendAsync(Entry entry)
    {
        var result = await log.AppendAsync(stream, Head, entry);
        if (result.Status == AppendStatus.Taken) Head = result.Head;
        return result;
    }

    /// <summary>Appends one that has to be taken.</summary>
    public async Task<Entry> AppendAsync(string? text = null)
    {
        var entry = Next(text);
        Assert.Equal(new AppendResult(AppendStatus.Taken, LogHead.Of(entry)), await AppendAsync(entry));
        return entry;
    }

    /// <summary>Appends so many that have to be taken.</summary>
    public async Task<List<Entry>> AppendAsync(int count)
    {
        var entries = new List<Entry>(count);
        for (var i = 0; i < count; i++) entries.Add(await AppendAsync());
        return entries;
    }
}
