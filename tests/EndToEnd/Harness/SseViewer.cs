using System.Text;
using System.Text.Json;
using Xunit;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>Watches over Server-Sent Events and comes back with <c>Last-Event-ID</c> whenever it is cut off.</summary>
internal sealed class SseViewer : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri[] _addresses;
    private readonly Task _watching;

    public SseViewer(ServiceProcess service, string stream, string? token = null)
        : this([service.Address], stream, token)
    {
    }

    /// <param name="services">Nodes to go to, in turn: to the next one whenever it is cut off.</param>
    public SseViewer(ServiceProcess[] services, string stream, string? token = null)
        : this([.. services.Select(service => service.Address)], stream, token)
    {
    }

    /// <param name="service">The service itself, or what stands in front of it.</param>
    /// <param name="http">How to speak to it; null = as .NET does.</param>
    public SseViewer(Uri service, string stream, string? token = null, HttpClient? http = null)
        : this([service], stream, token, http)
    {
    }

    private SseViewer(Uri[] services, string stream, string? token, HttpClient? http = null)
    {
        _http = http ?? new HttpClient();
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _addresses = [.. services.Select(service => new Uri(service, $"v1/streams/{stream}/events" + (token is null ? "" : "?access_token=" + token)))];
        _watching = WatchAsync();
    }

    public Ledger Ledger { get; } = new();

    /// <summary>What it was told when it was let go, if anything.</summary>
    public string? Goodbye { get; private set; }

    /// <summary>How often the stream of events began.</summary>
    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        for (var turn = 0; !_stop.IsCancellationRequested; turn++)
        {
            try
            {
                await ReadAsync(_addresses[turn % _addresses.Length]);
                await Task.Delay(50, _stop.Token);
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync(Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = _http.DefaultRequestVersion, VersionPolicy = _http.DefaultVersionPolicy };
        if (Ledger.Position is { } position) request.Headers.Add("Last-Event-ID", position);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
        answer.EnsureSuccessStatusCode();
        Connections++;
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(_stop.Token), Encoding.UTF8);
        string kind = "", data = "", id = "";
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data += line[6..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.Length == 0)
            {
                if (kind is "snapshot" or "frame")
                {
                    var frame = JsonSerializer.Deserialize<JsonElement>(data);
                    Assert.Equal(frame.GetProperty("position").GetString(), id);
                    Ledger.Take(frame, kind == "snapshot");
                }

                if (kind is "bye") Goodbye = data;

                kind = data = "";
            }
        }
    }
}
