using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Orleans.Dashboard;

namespace Interactions.Frontend.Hosting;

/// <summary>Orleans' own dashboard (<c>Cluster:Dashboard</c>). Its assemblies are in a folder of their own, and loaded by nothing else.</summary>
internal static class DashboardHosting
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "dashboard");

    /// <summary>To be called first, before a silo or a client is added: these look for grains in what is loaded.</summary>
    public static void Load()
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            Path.Combine(Folder, name.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        foreach (var path in Directory.EnumerateFiles(Folder, "*.dll")) AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }

    /// <summary>Has the silo measure its grains.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddToSilo(IHostApplicationBuilder builder) => builder.UseOrleans(static silo => silo.AddDashboard(Configure));

    /// <summary>Adds what shows the cluster; needs an <see cref="IGrainFactory"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddPages(IHostApplicationBuilder builder)
    {
        new Pages(builder.Services, builder.Configuration).AddDashboard(Configure);
        builder.Services.AddSingleton<DashboardDoor>();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Use(WebApplication app)
    {
        var door = app.Services.GetRequiredService<DashboardDoor>();
        app.Use(next => http => door.EnterAsync(http, next));
        app.MapOrleansDashboard(DashboardDoor.Path);
    }

    // Log lines go where the operator sends them.
    private static void Configure(DashboardOptions options) => options.HideTrace = true;

    /// <summary>The host that serves HTTP is no client of its own: it has the grains of the link to the cluster.</summary>
    private sealed record Pages(IServiceCollection Services, IConfiguration Configuration) : IClientBuilder;
}
