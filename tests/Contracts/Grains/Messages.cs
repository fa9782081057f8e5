using System.Reflection;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Contracts.Views;
using Interactions.Silo.Hosting;

namespace Interactions.Tests.Contracts.Grains;

/// <summary>What the processes of a cluster send each other, with every field filled in.</summary>
internal static class Messages
{
    private static readonly Position At = new("k3f", 17);
    private static readonly StreamInfo Info = new("match-7", 42, "ada", StreamStatus.Live, true, true);
    private static readonly DirectoryRow Row = new("match-7", "ada", "Final", StreamStatus.Live, 42, 5, "a", true);
    private static readonly SettingsPatch Patch = new("Final", ["like"], true, 5, 200, true);

    public static object[] Samples { get; } =
    [
        At, Info, Row, Patch,
        new BansAnswer(Code.Accepted, [new BanRow("bob", 9, true)]),
        new BanRow("bob", 9, true),
        new ChangeAnswer(Code.Accepted, Info),
        new CommentsAnswer(Code.Accepted, [Comment()]),
        Comment(),
        new ConfigureRequest("ada", 42, Patch),
        new DirectoryIntent("i1", DirectoryIntentKind.Change, Row, Patch),
        new Entry(At, 5, "w1", 3, new byte[] { 1, 2, 3 }),
        new FeedEnd("match-7", 42, FeedEndReason.Deleted),
        new FeedHead("match-7", At),
        new FeedPush("match-7", new EntryEffects(At, 5, 4, [new MemberLeft("bob")]), new ShownTime(1, 2), "00-1"),
        new FrameAnswer(Code.Accepted, [1, 2], Info),
        new KindCount("like", 3),
        new LeaseAnswer(3, ["s1"], [new FeedHead("match-7", At)]),
        new LeaseRequest("f1", null!, 5),
        new LogAnswer(Code.Accepted, true, [new Entry(At, 5, "w1", 3, new byte[] { 1, 2, 3 })], At),
        Me(),
        new MeAnswer(Code.Accepted, Me()),
        new PieceAnswer(Code.Accepted, new FeedContent(null, At, [])),
        new PushMark("s1", 5),
        new SendAnswer(Code.Accepted, [ItemResult.Accepted(At, 1)]),
        new SendRequest(42, new Batch("f1", 3, 5, [new Taps("like", 3)]), "00-1"),
        new ShownBan(9),
        new ShownTime(1, 2),
        new SilosAnswer(3, ["s1"]),
        new StreamInfoAnswer(Code.Accepted, Info),
        new SubscribeAnswer(Code.Accepted, 42, "s1", new FeedContent(null, At, []), new ShownTime(1, 2), true, 2, 7),
        new SubscribeRequest("f1", null!, At),
        Steps(),
        Steps().Steps[0],
        new TimelineAnswer(Code.Accepted, Steps()),
    ];

    /// <summary>Every type of a message, and of what is in one.</summary>
    public static IEnumerable<Type> Types { get; } =
    [
        .. Assemblies().SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), false)).OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    public static IEnumerable<Type> Interfaces { get; } =
    [
        .. Assemblies().SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable))).OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    private static Assembly[] Assemblies() => [typeof(SendRequest).Assembly, typeof(SiloHosting).Assembly];

    private static ShownComment Comment() => new("k3f.17.0", "bob", "Bob", "Goal!", 5, "k3f.16.0");

    private static MeView Me() => new(["like"], [("p1", 2)], new ShownBan(9), 4);

    private static Timeline Steps() => new(10, [new TimelineStep(5, [new KindCount("like", 3)], 2, 1.5, 7)]);
}
