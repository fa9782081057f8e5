using System.Net;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Observability;

/// <summary>Orleans' dashboard, by setting, for admins.</summary>
public sealed class DashboardTests
{
    private static readonly string[] On = ["--Cluster:Dashboard", "true"];

    [Fact]
    public async Task Without_the_setting_it_is_neither_there_nor_loaded()
    {
        await using var service = await ServiceProcess.StartAsync();
        using var admin = await Client.SignInAsync(service, "root", "admin");
        Assert.Equal(404, await StatusAsync(service, admin.Token, "orleans"));
        Assert.Equal(404, await StatusAsync(service, admin.Token, "orleans/version"));
        Assert.False(await service.HasLoadedAsync("Orleans.Dashboard"));
    }

    [Fact]
    public async Task It_is_for_admins_of_all_streams()
    {
        await using var service = await ServiceProcess.StartAsync(On);
        using var viewer = await Client.SignInAsync(service, "bob");
        using var broadcaster = await Client.SignInAsync(service, "ada", "broadcaster");
        using var partial = await Client.SignInAsync(service, "eve", "admin", "match");
        using var admin = await Client.SignInAsync(service, "root", "admin");
        foreach (var path in (string[])["orleans", "orleans/", "orleans/index.min.js", "orleans/DashboardCounters", "orleans/nothing"])
        {
            Assert.Equal(401, await StatusAsync(service, null, path));
            Assert.Equal(401, await StatusAsync(service, "nonsense", path));
            foreach (var other in (Client[])[viewer, broadcaster, partial]) Assert.Equal(403, await StatusAsync(service, other.Token, path));
        }

        Assert.True(await service.HasLoadedAsync("Orleans.Dashboard"));
        foreach (var path in (string[])["orleans/", "orleans/index.min.js", "orleans/index.css"]) Assert.Equal(200, await StatusAsync(service, admin.Token, path));
        Assert.Equal(404, await StatusAsync(service, admin.Token, "orleans/nothing"));

        // It counts for itself, from when it started on.
        await Eventually.TrueAsync(async () => (await CountersAsync(service, admin.Token)).GetProperty("hosts").GetArrayLength() == 1, "the silo on the dashboard");
    }

    [Fact]
    public async Task A_browser_opens_it_with_a_token_in_the_address_and_goes_on_with_a_cookie()
    {
        await using var service = await ServiceProcess.StartAsync(On);
        using var admin = await Client.SignInAsync(service, "root", "admin");
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var browser = new HttpClient(handler) { BaseAddress = service.Address };

        using var opened = await browser.GetAsync($"orleans?access_token={admin.Token}");

        Assert.Equal((HttpStatusCode.Redirect, "/orleans/"), (opened.StatusCode, opened.Headers.Location!.ToString()));
        var cookie = Assert.Single(opened.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; path=/orleans; samesite=lax; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        using var page = await browser.GetAsync("orleans/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.StartsWith("default-src 'none'; script-src 'self'; ", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        using var counters = await browser.GetAsync("orleans/DashboardCounters");
        Assert.Equal(HttpStatusCode.OK, counters.StatusCode);
        using var elsewhere = await browser.GetAsync("v1/me");
        Assert.NotEqual(HttpStatusCode.OK, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Silos_and_frontends_show_the_same_cluster()
    {
        await using var cluster = await Cluster.Cluster.StartApartAsync(2, 1, settings: On);
        using var admin = await Client.SignInAsync(cluster.Nodes[0], "root", "admin");
        foreach (var process in cluster.Silos.Concat(cluster.Nodes))
        {
            await Eventually.TrueAsync(async () => await StatusAsync(process, admin.Token, "orleans/DashboardCounters") == 200, "the dashboard");
            Assert.Equal(401, await StatusAsync(process, null, "orleans/DashboardCounters"));
            await Eventually.TrueAsync(async () => (await CountersAsync(process, admin.Token)).GetProperty("hosts").GetArrayLength() == 2, "both silos on the dashboard");
        }
    }

    private static async Task<JsonElement> CountersAsync(ServiceProcess service, string? token)
    {
        using var answer = await GetAsync(service, token, "orleans/DashboardCounters");
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<int> StatusAsync(ServiceProcess service, string? token, string path)
    {
        using var answer = await GetAsync(service, token, path);
        return (int)answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> GetAsync(ServiceProcess service, string? token, string path)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Address, path));
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        return await http.SendAsync(request);
    }
}
