using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Interactions.Contracts;
using Microsoft.AspNetCore.WebUtilities;

namespace Interactions.Frontend.Api;

/// <summary>Writes errors over HTTP as problem details (RFC 9457) with the code of the table.</summary>
internal static class Problem
{
    public const string ContentType = "application/problem+json";

    private static readonly TimeSpan StandardWait = TimeSpan.FromSeconds(1);

    /// <summary>Answers the request. Where an answer has begun already there is nothing left to say, and nothing is written.</summary>
    /// <param name="detail">One sentence about this case; null = what the code means. Nothing of it may be secret.</param>
    /// <param name="retryAfter">When the same may succeed; 429 and 503 always say one, of at least a second.</param>
    public static Task WriteAsync(HttpContext context, Code code, string? detail = null, TimeSpan? retryAfter = null)
    {
        var response = context.Response;
        if (response.HasStarted) return Task.CompletedTask;
        var info = code.Info();
        response.StatusCode = info.HttpStatus;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (info.HttpStatus == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (retryAfter is not null || info.HttpStatus is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = RetryAfterSeconds(retryAfter ?? StandardWait).ToString(CultureInfo.InvariantCulture);

        var body = Encode(code, detail);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>The body alone.</summary>
    public static byte[] Encode(Code code, string? detail = null)
    {
        var info = code.Info();
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Json.Options))
        {
            json.WriteStartObject();

            // about:blank (RFC 9457, 4.2.1): the code says what kind it is, the title is the status' own.
            json.WriteString("type"u8, "about:blank");
            json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(info.HttpStatus));
            json.WriteNumber("status"u8, info.HttpStatus);
            json.WriteString("detail"u8, detail ?? info.Meaning);
            json.WriteString("code"u8, info.Name);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // A client that waits too little is refused again, so rounded up.
    private static long RetryAfterSeconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
}
