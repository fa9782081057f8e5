using System.IO.Compression;
using Microsoft.Extensions.Primitives;

namespace Interactions.Frontend.Api;

/// <summary>
/// The codings of request bodies (RFC 9110, 8.4). A body is decoded when all of it is there, and only as far as its limit: a Brotli decoder
/// may hold 16 MB (RFC 7932, 9.1), so there are no more of them than cores, and none waits for a sender. Safe for concurrent callers.
/// </summary>
internal sealed class ContentCoding : IDisposable
{
    /// <summary>What is understood, as <c>Accept-Encoding</c> says it.</summary>
    public const string Accepted = "gzip, br, identity";

    public const string Problem = "Content-Encoding may be one of gzip, br and identity.";

    private readonly SemaphoreSlim _decoders = new(Environment.ProcessorCount);

    /// <summary>How many bytes a body of so many may take when it is encoded: codings add a little to what they can't make smaller.</summary>
    public static int MostEncoded(int bytes) => bytes + (bytes / 64) + 1024;

    /// <param name="coding">Which one; null: none.</param>
    /// <returns>False: one that is not known, or several.</returns>
    public static bool TryRead(StringValues header, out string? coding)
    {
        coding = null;
        foreach (var name in header.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var known = name.ToLowerInvariant();
            if (known == "identity") continue;
            if (coding is not null || known is not ("gzip" or "x-gzip" or "br")) return false;
            coding = known;
        }

        return true;
    }

    /// <param name="coding">One that was read.</param>
    /// <param name="mostBytes">More than these are not decoded.</param>
    /// <returns>Null: it is damaged or cut short. More than <paramref name="mostBytes"/>: it is too large.</returns>
    public async Task<ReadOnlyMemory<byte>?> DecodeAsync(byte[] encoded, int length, string coding, int mostBytes, CancellationToken cancellationToken)
    {
        await _decoders.WaitAsync(cancellationToken);
        try
        {
            using var bytes = new MemoryStream(encoded, 0, length, writable: false);
            using Stream decoder = coding == "br" ? new BrotliStream(bytes, CompressionMode.Decompress) : new GZipStream(bytes, CompressionMode.Decompress);
            return Read(decoder, Math.Min(mostBytes, length * 4), mostBytes);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            _decoders.Release();
        }
    }

    public void Dispose() => _decoders.Dispose();

    private static ReadOnlyMemory<byte> Read(Stream decoder, int expected, int mostBytes)
    {
        var body = new byte[expected + 1];
        var length = 0;
        while (length <= mostBytes)
        {
            if (length == body.Length) Array.Resize(ref body, Math.Min(length * 2, mostBytes + 1));
            var read = decoder.Read(body, length, body.Length - length);
            if (read == 0) break;
            length += read;
        }

        return body.AsMemory(0, length);
    }
}
