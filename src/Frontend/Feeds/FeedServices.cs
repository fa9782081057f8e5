using Interactions.Contracts.Timing;
using Interactions.Frontend.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// Registers what keeps viewers' streams and sends to them; needs the settings and an Orleans client or silo. Hosted services stop in
/// the reverse order: to be registered after Orleans, over which goodbye is said, and before what sends viewers away.
/// </summary>
internal static class FeedServices
{
    public static IServiceCollection AddFeeds(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<FrontendId>();
        services.AddSingleton(provider => new PatientReads(provider.GetRequiredService<FeedOptions>().AnswerWithin, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IGrains, OrleansGrains>();
        services.AddSingleton<FeedMetrics>();
        services.AddSingleton(provider => Options(provider.GetRequiredService<LimitOptions>()));
        services.AddSingleton(provider => new DeadlineQueue(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Outboxes>();
        services.AddSingleton<StreamFeeds>();
        services.AddHostedService<FeedsGoodbye>();
        return services;
    }

    // A feed that is waited for is not idle.
    private static FeedOptions Options(LimitOptions limits) => new()
    {
        AnswerWithin = TimeSpan.FromSeconds(limits.AnswerSeconds),
        Resume = TimeSpan.FromSeconds(limits.ResumeSeconds),
        IdleClose = TimeSpan.FromSeconds(Math.Max(limits.IdleCloseSeconds, 2 * limits.AnswerSeconds)),
    };
}
