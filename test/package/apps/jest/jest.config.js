export default { testEnvironment: 'jsdom', testMatch: ['<rootDir>/*.test.js'], transform: {} };
