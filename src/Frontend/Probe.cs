namespace Interactions.Frontend;

/// <summary>
/// <c>probe URL</c> instead of settings: asks a running service and ends, with 0 when the answer is a success and 1 when it
/// is not or none comes within 3 s. For images without a shell, whose health can only be asked by the program they hold.
/// </summary>
internal static class Probe
{
    public const string Command = "probe";

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string url)
    {
        try
        {
            using var http = new HttpClient { Timeout = Within };
            using var answer = await http.GetAsync(new Uri(url));
            if (answer.IsSuccessStatusCode) return 0;
            await Console.Error.WriteLineAsync($"{url} answered {(int)answer.StatusCode}.");
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException or UriFormatException or NotSupportedException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"{url}: {failed.Message}");
        }

        return 1;
    }
}
