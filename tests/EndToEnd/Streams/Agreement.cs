using System.Diagnostics;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Streams;

/// <summary>Whether the list, the snapshots and the logs of streams say the same. Asked by admins, a new one whenever one has read as many logs as one may.</summary>
internal static class Agreement
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <summary>Title and status of each stream, by id, as it is listed; those that are not there are left out.</summary>
    public static async Task<Dictionary<string, string>> ListedAsync(Client client)
    {
        Dictionary<string, string> listed = [];
        for (var after = ""; ;)
        {
            var page = (await client.GetAsync($"streams?limit=1000&after={after}")).Expect(200);
            foreach (var row in page.GetProperty("streams").EnumerateArray()) listed.Add(row.GetProperty("id").GetString()!, Shown(row));
            if (page.GetProperty("next").GetString() is not { } next) return listed;
            after = next;
        }
    }

    /// <summary>What is wrong with the streams of these ids; empty when all agree.</summary>
    public static async Task<List<string>> DisagreementsAsync(ServiceProcess service, IEnumerable<string> ids)
    {
        List<string> wrong = [];
        var admin = await SignInAsync(service);
        try
        {
            var listed = await ListedAsync(admin);
            foreach (var id in ids)
            {
                var (list, snapshot, log) = (listed.GetValueOrDefault(id, "none"), await SnapshotAsync(admin, id), await admin.GetAsync($"streams/{id}/log"));
                while (log.Status == 429)
                {
                    admin.Dispose();
                    admin = await SignInAsync(service);
                    log = await admin.GetAsync($"streams/{id}/log");
                }

                if (list != snapshot || snapshot != Logged(log)) wrong.Add($"{id}: listed as {list}, answered as {snapshot}, logged as {Logged(log)}");
            }
        }
        finally
        {
            admin.Dispose();
        }

        return wrong;
    }

    /// <summary>Waits until they agree.</summary>
    public static async Task UntilAsync(ServiceProcess service, IReadOnlyList<string> ids)
    {
        var since = Stopwatch.GetTimestamp();
        while (await DisagreementsAsync(service, ids) is { Count: > 0 } wrong)
        {
            if (Stopwatch.GetElapsedTime(since) > Patience) throw new TimeoutException($"{wrong.Count} streams never agreed: {string.Join("; ", wrong)}");
            await Task.Delay(100);
        }
    }

    private static async Task<string> SnapshotAsync(Client client, string id)
    {
        var answer = await client.GetAsync($"streams/{id}");
        return answer.Status == 404 ? "none" : Shown(answer.Expect(200));
    }

    private static Task<Client> SignInAsync(ServiceProcess service) => Client.SignInAsync(service, $"admin-{Guid.NewGuid():n}", "admin");

    private static string Logged(Answer answer)
    {
        if (answer.Status == 404) return "none";
        Assert.Equal(200, answer.Status);
        var (title, status) = ("", "created");
        foreach (var line in answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var item in JsonSerializer.Deserialize<JsonElement>(line).GetProperty("items").EnumerateArray())
            {
                var type = item.GetProperty("type").GetString();
                if (type == "configured" && item.TryGetProperty("title", out var set)) title = set.GetString()!;
                if (type == "status") status = Later(status, item.GetProperty("status").GetString()!);
            }
        }

        return $"{title} {status}";
    }

    private static string Shown(JsonElement json) => $"{json.GetProperty("title").GetString()} {json.GetProperty("status").GetString()}";

    private static string Later(string one, string other) => (one, other) is ("ended", _) or (_, "created") ? one : other;
}
