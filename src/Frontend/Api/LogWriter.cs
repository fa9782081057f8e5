using System.Buffers;
using System.IO.Pipelines;
using Interactions.Contracts.Log;

namespace Interactions.Frontend.Api;

/// <summary>
/// Writes entries as lines, each whole, at the pace at which they are read: what waits for the reader is a chunk, not a page, so the
/// server's own limit on slow readers (240 bytes a second) soon ends one that reads nothing.
/// </summary>
/// <param name="stall">For how long a reader may take nothing before it is cut; infinite: as long as the server lets it.</param>
/// <param name="cut">Cuts the connection.</param>
/// <param name="over">Ends the writing after the line that was begun.</param>
internal sealed class LogWriter(PipeWriter body, TimeProvider time, TimeSpan stall, Action cut, CancellationToken over)
{
    private const int ChunkBytes = 16 * 1024;
    private const int KeepBytes = 256 * 1024;

    private ArrayBufferWriter<byte> _lines = new();

    /// <summary>Takes one line, and writes what was taken when that is enough.</summary>
    /// <returns>False: the answer is over.</returns>
    public ValueTask<bool> WriteAsync(Entry entry)
    {
        EntryJson.WriteLine(_lines, entry);
        return _lines.WrittenCount < ChunkBytes ? ValueTask.FromResult(true) : FlushAsync();
    }

    /// <summary>Writes what was taken.</summary>
    /// <returns>As <see cref="WriteAsync"/>.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        var rest = _lines.WrittenMemory;
        while (!rest.IsEmpty && !over.IsCancellationRequested)
        {
            var chunk = rest[..Math.Min(ChunkBytes, rest.Length)];
            rest = rest[chunk.Length..];
            try
            {
                if (!await WriteAsync(chunk)) return false;
            }
            catch (TimeoutException)
            {
                cut();
                return false;
            }
        }

        Put(rest.Span);
        if (_lines.Capacity > KeepBytes) _lines = new();
        else _lines.ResetWrittenCount();
        return !over.IsCancellationRequested;
    }

    /// <summary>Is sent with the end of the answer.</summary>
    private void Put(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty && body.GetSpan() is { IsEmpty: false } room)
        {
            var part = rest[..Math.Min(rest.Length, room.Length)];
            part.CopyTo(room);
            body.Advance(part.Length);
            rest = rest[part.Length..];
        }
    }

    /// <returns>False: the reader is gone.</returns>
    private async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> chunk)
    {
        var writing = body.WriteAsync(chunk, CancellationToken.None);
        if (writing.IsCompletedSuccessfully) return !writing.Result.IsCompleted;
        await using var ending = over.UnsafeRegister(static body => ((PipeWriter)body!).CancelPendingFlush(), body);
        return await writing.AsTask().WaitAsync(stall, time, CancellationToken.None) is { IsCompleted: false };
    }
}
