namespace Interactions.LoadTests.Clients;

/// <summary>What the service may say to a viewer, as far as a viewer has to tell it apart.</summary>
internal enum MessageKind
{
    Other,
    Snapshot,
    Frame,
    Bye,
}
