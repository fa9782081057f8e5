using Interactions.Contracts.Timing;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Feeds;

/// <summary>Registers what keeps viewers' streams and sends to them; needs the settings and an Orleans client or silo.</summary>
internal static class FeedServices
{
    public static IServiceCollection AddFeeds(this IServiceCollection services)
    {
        services.AddSingleton<FrontendId>();
        services.AddSingleton<IGrains, OrleansGrains>();
        services.AddSingleton<FeedMetrics>();
        services.AddSingleton(provider => new FeedOptions
        {
            AnswerWithin = TimeSpan.FromSeconds(provider.GetRequiredService<LimitOptions>().AnswerSeconds),
            Resume = TimeSpan.FromSeconds(provider.GetRequiredService<LimitOptions>().ResumeSeconds),
        });
        services.AddSingleton(provider => new DeadlineQueue(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Outboxes>();
        services.AddSingleton<StreamFeeds>();
        return services;
    }
}
