using System.Net.Http.Headers;

namespace Interactions.LoadTests.Clients;

/// <summary>Watches over Server-Sent Events.</summary>
internal sealed class SseSource(HttpClient http, Uri baseAddress, string stream, string token) : IFrameSource
{
    public string Transport => "sse";

    public async Task WatchAsync(string? position, IMessageHandler handler, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(baseAddress, $"/v1/streams/{stream}/events"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (position is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", position);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ServiceClient.EnsureAsync(response, "watching over SSE", cancellationToken);

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = new SseParser(handler);
        var buffer = new byte[4096];
        while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0) parser.Feed(buffer.AsSpan(0, read));
    }
}
