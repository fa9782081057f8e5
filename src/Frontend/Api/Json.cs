using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interactions.Contracts;

namespace Interactions.Frontend.Api;

/// <summary>JSON bodies in and out.</summary>
internal static class Json
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int ChunkBytes = 16 * 1024;
    private const int FirstBytes = 4096;

    public static byte[] Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Writes a body at the pace at which it is read. The server's limit on slow readers goes by what it was given to write, so that
    /// one that reads nothing is soon noticed it is given little at a time.
    /// </summary>
    public static async Task WriteAsync(HttpContext http, byte[] body, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = body.Length;
        await WriteBodyAsync(http, body);
    }

    /// <summary>The body alone, as <see cref="WriteAsync"/> does.</summary>
    public static async Task WriteBodyAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        for (; body.Length > ChunkBytes; body = body[ChunkBytes..]) await http.Response.Body.WriteAsync(body[..ChunkBytes], http.RequestAborted);
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Reads a whole JSON body within the limit, which counts after decoding; answers 400, 413 or 415 itself and returns null otherwise.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpContext http, int limitBytes, bool mayBeEmpty = false)
    {
        var request = http.Request;
        var hasBody = request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0;
        if (!hasBody && mayBeEmpty) return ReadOnlyMemory<byte>.Empty;
        if (!request.HasJsonContentType())
        {
            http.Response.Headers.Accept = "application/json";
            await Problem.WriteAsync(http, Code.UnsupportedMediaType);
            return null;
        }

        if (!ContentCoding.TryRead(request.Headers.ContentEncoding, out var coding))
        {
            http.Response.Headers.AcceptEncoding = ContentCoding.Accepted;
            await Problem.WriteAsync(http, Code.UnsupportedMediaType, ContentCoding.Problem);
            return null;
        }

        var mostSent = coding is null ? limitBytes : ContentCoding.MostEncoded(limitBytes);
        if (request.ContentLength > mostSent)
        {
            await TooLargeAsync(http, limitBytes);
            return null;
        }

        // A length that is only announced takes no memory.
        var body = new byte[(int)Math.Min(request.ContentLength ?? FirstBytes, Math.Min(FirstBytes, mostSent)) + 1];
        var length = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(body.AsMemory(length), http.RequestAborted);
            if (read == 0) break;
            length += read;
            if (length > mostSent)
            {
                await TooLargeAsync(http, limitBytes);
                return null;
            }

            if (length == body.Length) Array.Resize(ref body, Math.Min(length * 2, mostSent + 1));
        }

        if (coding is null) return body.AsMemory(0, length);
        var decoders = http.RequestServices.GetRequiredService<ContentCoding>();
        if (await decoders.DecodeAsync(body, length, coding, limitBytes, http.RequestAborted) is not { } decoded)
        {
            await Problem.WriteAsync(http, Code.BadRequest, $"The body is not valid {coding}.");
            return null;
        }

        if (decoded.Length <= limitBytes) return decoded;
        await TooLargeAsync(http, limitBytes);
        return null;
    }

    private static Task TooLargeAsync(HttpContext http, int limitBytes) => Problem.WriteAsync(http, Code.TooLarge, $"A body has at most {limitBytes} bytes.");
}
