namespace Interactions.Silo.Grains;

/// <summary>A stream that has viewers over frontends. Called on any thread.</summary>
internal interface ILeaseHolder
{
    string Id { get; }

    /// <summary>A frontend was not heard of for 10 s, or said goodbye.</summary>
    void Gone(string frontend);
}
