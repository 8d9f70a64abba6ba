/** What one of these tests may take; what it waits for has bounds of its own, which say more when they are passed. */
jest.setTimeout(600_000);
