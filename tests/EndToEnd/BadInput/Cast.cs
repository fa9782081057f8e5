using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.BadInput;

/// <summary>Who bad input comes from, and the streams that it is aimed at.</summary>
internal sealed record Cast(string Owner, string Viewer, string OtherBroadcaster, string ElsewhereModerator)
{
    /// <summary>Live, and owned by <see cref="Owner"/>.</summary>
    public const string Stream = "mine";

    /// <summary>The service has to be started with this key, so that tokens can be made that it almost believes.</summary>
    public const string Key = "a-key-that-only-these-tests-know-0123456789";

    public static async Task<Cast> GatherAsync(ServiceProcess service)
    {
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        using var viewer = await Client.SignInAsync(service, "viewer");
        using var other = await Client.SignInAsync(service, "other", "broadcaster");
        using var elsewhere = await Client.SignInAsync(service, "elsewhere", "moderator", "another-*");
        await owner.GoLiveAsync(Stream);
        return new Cast(owner.Token!, viewer.Token!, other.Token!, elsewhere.Token!);
    }
}
