Console.WriteLine("interactions load tests");
