using System.Net.Http.Headers;

namespace Interactions.LoadTests.Scenarios.Compare;

/// <summary>Posts each frame.</summary>
internal sealed class PostPublisher(Uri address) : IPublisher
{
    private readonly HttpClient _http = new();

    public async Task PublishAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(frame);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PostAsync(address, content, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
