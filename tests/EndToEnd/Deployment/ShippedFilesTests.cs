using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Deployment;

/// <summary>The files in <c>deploy/</c> and the Dockerfile agree with each other, with the settings and with the documents.</summary>
public sealed partial class ShippedFilesTests
{
    private const int Port = 5080;

    /// <summary>Seconds that a process may take to stop after it has drained; see docs/operations.md.</summary>
    private const int Closing = 25;

    private static readonly string Deploy = Path.Combine(Repository.Root, "deploy");

    [Fact]
    public async Task Every_setting_that_is_named_is_a_documented_one()
    {
        var documented = SettingRows().Matches(await ReadAsync("docs", "operations.md")).Select(row => row.Groups[1].Value).ToHashSet();
        var named = new List<(string File, string Setting)>();
        foreach (var file in Directory.EnumerateFiles(Deploy, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith(".env", StringComparison.Ordinal)).Append(Path.Combine(Repository.Root, "Dockerfile")))
        {
            var text = await File.ReadAllTextAsync(file);
            var page = Path.GetRelativePath(Repository.Root, file);
            named.AddRange(Variables().Matches(text).Select(match => (page, match.Value.Replace("__", ":", StringComparison.Ordinal))));
            named.AddRange(Settings().Matches(text).Select(match => (page, match.Value)));
        }

        Assert.Contains(named, one => one.Setting == "Log:Redis");
        Assert.All(named, one => Assert.True(documented.Contains(one.Setting), $"{one.File} names {one.Setting}, which docs/operations.md does not know."));
    }

    [Fact]
    public async Task Compose_gives_every_frontend_an_address_that_nginx_knows_and_time_to_drain()
    {
        var compose = Assert.Single(await YamlAsync("compose.yaml"));
        var services = compose.GetProperty("services");
        var frontends = services.EnumerateObject().Where(service => service.Name.StartsWith("frontend", StringComparison.Ordinal)).Select(service => service.Value).ToList();
        var known = Servers().Matches(await ReadAsync("deploy", "nginx", "frontends.conf")).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

        Assert.Equal(3, frontends.Count);
        Assert.Equal(frontends.Select(frontend => (Address(frontend), $"{Port}")), known);
        Assert.All(frontends, frontend =>
        {
            var settings = frontend.GetProperty("environment");
            Assert.Equal($"http://*:{Port}", settings.GetProperty("Urls").GetString());
            Assert.Equal(Address(services.GetProperty("nginx")), settings.GetProperty("Proxies__Trusted").GetString());
            Assert.Contains($":{Port}/readyz", frontend.GetProperty("healthcheck").GetProperty("test").ToString(), StringComparison.Ordinal);
            Assert.InRange(Seconds(frontend.GetProperty("stop_grace_period").GetString()!), Whole(settings.GetProperty("Limits__DrainSeconds")) + Closing, 600);
            Assert.True(frontend.GetProperty("read_only").GetBoolean());
        });
        Assert.Equal("172.28.5.0/24", compose.GetProperty("networks").GetProperty("inside").GetProperty("ipam").GetProperty("config")[0].GetProperty("subnet").GetString());
        Assert.All(services.EnumerateObject(), service => Assert.True(service.Value.GetProperty("image").GetString() is "interactions" || service.Value.GetProperty("image").GetString()!.Contains(':', StringComparison.Ordinal)));

        // What compose asks for by name is what the example offers, and compose says so when it is missing.
        var example = Assigned().Matches(await ReadAsync("deploy", "env.example")).Select(match => match.Groups[1].Value).Order().ToList();
        var text = await ReadAsync("deploy", "compose.yaml");
        Assert.Equal(example, Required().Matches(text).Select(match => match.Groups[1].Value).Distinct().Order());
        foreach (var mounted in Mounted().Matches(text).Select(match => match.Groups[1].Value).Where(path => path != "tls")) Assert.True(Path.Exists(Path.Combine(Deploy, mounted)), mounted);
    }

    [Fact]
    public async Task Composes_silos_are_found_where_they_listen_and_only_by_those_who_need_them()
    {
        var services = Assert.Single(await YamlAsync("compose.yaml")).GetProperty("services").EnumerateObject().ToDictionary(service => service.Name, service => service.Value);
        var silos = services.Where(service => service.Key.StartsWith("silo", StringComparison.Ordinal)).Select(service => service.Value).ToList();
        var frontends = services.Where(service => service.Key.StartsWith("frontend", StringComparison.Ordinal)).Select(service => service.Value).ToList();

        Assert.True(silos.Count >= 2, "One silo alone does not survive itself.");
        Assert.All(silos, silo =>
        {
            Assert.Equal("Silo", Of(silo, "environment", "Cluster__Role"));
            Assert.Equal(Of(silo, "networks", "cluster", "ipv4_address"), Of(silo, "environment", "Cluster__Address"));
            Assert.False(silo.GetProperty("networks").TryGetProperty("inside", out _));
            Assert.InRange(Seconds(Of(silo, "stop_grace_period")), Whole(silo.GetProperty("environment").GetProperty("Limits__DrainSeconds")) + Closing, 600);
        });
        Assert.All(frontends, frontend => Assert.Equal("Frontend", Of(frontend, "environment", "Cluster__Role")));
        foreach (var shared in (string[])["Cluster__Id", "Cluster__Redis"]) Assert.Single(silos.Concat(frontends).Select(one => Of(one, "environment", shared)).Distinct());

        // Without TLS a silo is not to be reached from where clients are.
        Assert.False(services["nginx"].GetProperty("networks").TryGetProperty("cluster", out _));
        Assert.True(Assert.Single(await YamlAsync("compose.yaml")).GetProperty("networks").GetProperty("cluster").GetProperty("internal").GetBoolean());
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("frontend")]
    public async Task Kubernetes_stops_a_pod_only_when_it_is_done_and_finds_it_where_it_listens(string role)
    {
        var pods = Assert.Single(await YamlAsync("kubernetes", $"{role}s.yaml")).GetProperty("spec").GetProperty("template");
        var container = Assert.Single(pods.GetProperty("spec").GetProperty("containers").EnumerateArray());
        var settings = (await YamlAsync("kubernetes", "settings.yaml")).ToDictionary(map => Of(map, "metadata", "name"), map => map.GetProperty("data"));
        var shared = settings["interactions"];

        Assert.Equal($"http://*:{Port}", Of(shared, "Urls"));
        Assert.Contains(container.GetProperty("ports").EnumerateArray(), port => Of(port, "name") == "http" && port.GetProperty("containerPort").GetInt32() == Port);
        Assert.Equal($"{Port}", Of(pods, "metadata", "annotations", "prometheus.io/port"));
        Assert.Equal(role, Of(settings[$"interactions-{role}"], "Cluster__Role"), ignoreCase: true);
        var before = container.TryGetProperty("lifecycle", out var lifecycle) ? lifecycle.GetProperty("preStop").GetProperty("sleep").GetProperty("seconds").GetInt32() : 0;
        Assert.InRange(pods.GetProperty("spec").GetProperty("terminationGracePeriodSeconds").GetInt32(), before + Whole(shared.GetProperty("Limits__DrainSeconds")) + Closing, 600);

        // Its settings are its role's, and the certificate lies where they say.
        var from = container.GetProperty("envFrom").EnumerateArray().Select(source => Of(source.EnumerateObject().Single().Value, "name")).ToList();
        Assert.Equal(["interactions", $"interactions-{role}", $"interactions-{role}"], from);
        Assert.Contains(container.GetProperty("volumeMounts").EnumerateArray(), mount => Path.GetDirectoryName(Of(shared, "Cluster__Certificate")) == Of(mount, "mountPath"));

        Assert.Equal("/healthz", Of(container, "livenessProbe", "httpGet", "path"));
        Assert.Equal("/readyz", Of(container, "readinessProbe", "httpGet", "path"));
        var rights = container.GetProperty("securityContext");
        Assert.True(rights.GetProperty("readOnlyRootFilesystem").GetBoolean());
        Assert.False(rights.GetProperty("allowPrivilegeEscalation").GetBoolean());
        Assert.True(pods.GetProperty("spec").GetProperty("securityContext").GetProperty("runAsNonRoot").GetBoolean());
    }

    [Fact]
    public async Task Everything_in_kubernetes_is_about_the_same_pods()
    {
        var kustomization = Assert.Single(await YamlAsync("kubernetes", "kustomization.yaml"));
        var files = kustomization.GetProperty("resources").EnumerateArray().Select(file => file.GetString()!).ToList();
        var documents = new List<JsonElement>();
        foreach (var file in files) documents.AddRange(await YamlAsync("kubernetes", file));
        var kinds = documents.ToLookup(document => document.GetProperty("kind").GetString());
        var apps = kinds["Deployment"].Select(deployment => Of(deployment, "spec", "template", "metadata", "labels", "app")).Order().ToList();

        Assert.Equal(["interactions-frontend", "interactions-silo"], apps);
        Assert.All(kinds["Deployment"], deployment => Assert.Equal(Of(deployment, "spec", "selector", "matchLabels", "app"), Of(deployment, "spec", "template", "metadata", "labels", "app")));
        Assert.Equal(apps, kinds["PodDisruptionBudget"].Select(budget => Of(budget, "spec", "selector", "matchLabels", "app")).Order());
        Assert.Equal("interactions-frontend", Of(Assert.Single(kinds["Service"]), "spec", "selector", "app"));
        Assert.Equal("interactions-silo", Of(Assert.Single(kinds["NetworkPolicy"]), "spec", "podSelector", "matchLabels", "app"));
        var autoscaler = Assert.Single(kinds["HorizontalPodAutoscaler"]);
        Assert.Equal("interactions-frontend", Of(autoscaler, "spec", "scaleTargetRef", "name"));

        // The metric that it scales by is one that the service has and the adapter hands on.
        var metric = Of(autoscaler.GetProperty("spec").GetProperty("metrics")[0], "pods", "metric", "name");
        Assert.Contains($"| `{metric}` |", await ReadAsync("docs", "operations.md"), StringComparison.Ordinal);
        Assert.Equal(metric, Of(Assert.Single(await YamlAsync("kubernetes", "prometheus-adapter.yaml")).GetProperty("rules").GetProperty("custom")[0], "name", "as"));
    }

    [Fact]
    public async Task The_Dockerfile_copies_what_is_there_and_what_dockerignore_lets_through()
    {
        var dockerfile = await ReadAsync("Dockerfile");
        var let = (await ReadAsync(".dockerignore")).Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var copied = Copies().Matches(dockerfile).SelectMany(match => match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1]).ToList();

        Assert.True(copied.Count >= 8, string.Join(' ', copied));
        Assert.All(copied, path =>
        {
            Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"{path} is not there.");
            Assert.Contains(let, allowed => path.TrimEnd('/') == allowed || path.StartsWith(allowed + "/", StringComparison.Ordinal));
        });
        foreach (var project in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)) Assert.Contains(Path.GetRelativePath(Repository.Root, project), copied);
        Assert.Contains($"EXPOSE {Port}", dockerfile, StringComparison.Ordinal);
        Assert.Contains($"Urls=http://*:{Port}", dockerfile, StringComparison.Ordinal);
        Assert.Contains("chiseled", dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_probe_of_images_without_a_shell_tells_a_service_that_answers_from_one_that_does_not()
    {
        await using var service = await ServiceProcess.StartAsync();
        await Command.RunAsync("dotnet", Repository.ServiceDll, "probe", new Uri(service.Address, "readyz").ToString());
        await service.KillAsync();

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => Command.RunAsync("dotnet", Repository.ServiceDll, "probe", new Uri(service.Address, "readyz").ToString()));
        Assert.Contains("ended with 1", failed.Message, StringComparison.Ordinal);
    }

    private static Task<string> ReadAsync(params string[] path) => File.ReadAllTextAsync(Path.Combine([Repository.Root, .. path]));

    private static async Task<JsonElement[]> YamlAsync(params string[] path) =>
        JsonSerializer.Deserialize<JsonElement[]>(await Command.NodeAsync("yaml.mjs", Path.Combine([Deploy, .. path])))!;

    private static string Address(JsonElement service) => Of(service, "networks", "inside", "ipv4_address");

    private static string Of(JsonElement element, params string[] path) => path.Aggregate(element, (inner, name) => inner.GetProperty(name)).ToString();

    private static int Whole(JsonElement text) => int.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static int Seconds(string span) => int.Parse(span.TrimEnd('s'), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| `([\w:]+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingRows();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+(?:__[A-Za-z]+)+\b")]
    private static partial Regex Variables();

    [GeneratedRegex(@"\b(?:Log|Cluster|Auth|Limits|Proxies|Region|Cors|Telemetry):[A-Z]\w+")]
    private static partial Regex Settings();

    [GeneratedRegex(@"^server ([\d.]+):(\d+) ", RegexOptions.Multiline)]
    private static partial Regex Servers();

    [GeneratedRegex(@"^([A-Z_]+)=", RegexOptions.Multiline)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"\$\{(\w+):\?")]
    private static partial Regex Required();

    [GeneratedRegex(@"- \./([\w.]+):")]
    private static partial Regex Mounted();

    [GeneratedRegex(@"^COPY (?!--)(.+)$", RegexOptions.Multiline)]
    private static partial Regex Copies();
}
